/** A line of the access log, its names in camel case; as far as tests look at it. */
export interface LogLine {
  readonly requestId: string | null;
  readonly responseCode: number;
  readonly responseFlags: string;
  readonly attemptCount: number;
  readonly requestedServerName?: string | null;
  readonly terminationDetails?: string;
}

/** Reads a line of our own log. */
export function readLogLine(line: Uint8Array): LogLine {
  const camelCase = Buffer.from(line)
    .toString("latin1")
    .replace('"connection_termination_details"', '"terminationDetails"')
    .replaceAll(/"([a-z]+(?:_[a-z]+)+)":/g, (name) => name.replaceAll(/_([a-z])/g, upperCase));
  return JSON.parse(camelCase) as LogLine; // our own line
}

function upperCase(_: string, letter: string): string {
  return letter.toUpperCase();
}
