/** Which lines of a log are wanted, and how. */
export interface LogSelection {
  readonly timestamps: boolean;
  readonly tailLines?: number;
  readonly sinceMs?: number;
}

/** A line of a log file, taken apart. */
export interface LogLine {
  readonly time: string;
  /** A part of a longer line, which goes on in the next one. */
  readonly isPart: boolean;
  readonly text: string;
}

/** Takes a line `<time> <stream> <F or P> <text>` apart; `undefined` for anything else. */
export function parseLogLine(line: string): LogLine | undefined {
  const match = /^(\S+) (?:stdout|stderr) ([FP]) /.exec(line);
  if (match === null) return undefined;
  return { time: match[1] ?? "", isPart: match[2] === "P", text: line.slice(match[0].length) };
}

/** The wanted ones of `lines`. */
export function selectLines(
  lines: readonly LogLine[],
  { tailLines, sinceMs }: LogSelection,
): readonly LogLine[] {
  const recent = sinceMs === undefined ? lines : lines.filter(({ time }) => Date.parse(time) >= sinceMs);
  if (tailLines === undefined) return recent;
  return tailLines === 0 ? [] : recent.slice(-tailLines);
}

/** A line as its reader gets it. */
export function formatLine({ time, isPart, text }: LogLine, timestamps: boolean): string {
  const end = isPart ? "" : "\n";
  return timestamps ? `${time} ${text}${end}` : `${text}${end}`;
}
