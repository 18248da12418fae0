/** The namespace of an object; `default` where it names none. */
export function namespaceOf({ metadata }: { readonly metadata: { readonly namespace?: string } }): string {
  return metadata.namespace ?? "default";
}
