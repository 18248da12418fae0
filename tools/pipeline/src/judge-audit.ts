/** What is to be thought of an audit. */
export interface Judgement {
  readonly passed: boolean;
  readonly sentence: string;
}

const SEVERE: readonly unknown[] = ["high", "critical"];

/** Judges what `npm audit --json` wrote. A registry without advisories answers with an error. */
export function judgeAudit(text: string, { mustAnswer }: { readonly mustAnswer: boolean }): Judgement {
  const vulnerabilities = vulnerabilitiesOf(text);
  if (vulnerabilities === undefined)
    return { passed: !mustAnswer, sentence: "Not scanned: the registry tells of no vulnerabilities." };
  const severe = Object.entries(vulnerabilities).filter(([, of]) => SEVERE.includes(severityOf(of)));
  if (severe.length === 0) return { passed: true, sentence: "No dependency has a severe vulnerability." };
  const names = severe.map(([name]) => name).join(", ");
  return { passed: false, sentence: `Severe vulnerabilities, see \`npm audit\`: ${names}.` };
}

function vulnerabilitiesOf(text: string): object | undefined {
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch {
    return undefined; // npm could not even ask
  }
  if (typeof report !== "object" || report === null || !("vulnerabilities" in report)) return undefined;
  const { vulnerabilities } = report;
  return typeof vulnerabilities === "object" && vulnerabilities !== null ? vulnerabilities : undefined;
}

function severityOf(vulnerability: unknown): unknown {
  return typeof vulnerability === "object" && vulnerability !== null && "severity" in vulnerability
    ? vulnerability.severity
    : undefined;
}
