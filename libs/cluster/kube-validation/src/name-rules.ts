/** A rule for a name: what is wrong with the text, in Kubernetes' words; empty where it is a good one. */
export type NameRule = (text: string) => readonly string[];

interface Format {
  readonly description: string;
  readonly regex: string;
  readonly examples: readonly string[];
  readonly maxLength?: number;
}

const LABEL: Format = {
  description:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  regex: "[a-z0-9]([-a-z0-9]*[a-z0-9])?",
  examples: ["my-name", "123-abc"],
  maxLength: 63,
};

const SUBDOMAIN: Format = {
  description:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  regex: "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
  examples: ["example.com"],
  maxLength: 253,
};

const DNS_1035: Format = {
  description:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  regex: "[a-z]([-a-z0-9]*[a-z0-9])?",
  examples: ["my-name", "abc-123"],
  maxLength: 63,
};

const NAME_PART: Format = {
  description:
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  regex: "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]",
  examples: ["MyName", "my.name", "123-abc"],
  maxLength: 63,
};

const LABEL_VALUE: Format = {
  description:
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  regex: "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?",
  examples: ["MyValue", "my_value", "12345"],
  maxLength: 63,
};

const CONFIG_KEY: Format = {
  description: "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  regex: "[-._a-zA-Z0-9]+",
  examples: ["key.name", "KEY_NAME", "key-name"],
  maxLength: 253,
};

const subdomainFormat = formatRule(SUBDOMAIN);
const namePart = formatRule(NAME_PART);
const configKeyFormat = formatRule(CONFIG_KEY);

/** RFC 1123 label: containers, namespaces, port names of services. */
export const dnsLabel: NameRule = formatRule(LABEL);

/** RFC 1123 subdomain: most objects. */
export const dnsSubdomain: NameRule = subdomainFormat;

/** RFC 1035 label: services. */
export const dns1035Label: NameRule = formatRule(DNS_1035);

/** The value of a label. */
export const labelValue: NameRule = formatRule(LABEL_VALUE);

/** A name that becomes one segment of a path: roles and bindings. */
export const pathSegment: NameRule = (text) => {
  if (text === "." || text === "..") return [`may not be '${text}'`];
  return ["/", "%"].filter((part) => text.includes(part)).map((part) => `may not contain '${part}'`);
};

/** The key of a label or annotation: an optional DNS subdomain and `/`, then a name. */
export const qualifiedName: NameRule = (text) => {
  const [first = "", second, ...rest] = text.split("/");
  if (rest.length > 0) {
    const format = `${NAME_PART.description} ${explain(NAME_PART)}`;
    return [
      `a qualified name ${format} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const prefixProblems = second === undefined ? [] : prefixRule(first);
  const name = second ?? first;
  const nameProblems = [
    ...(name === "" ? ["name part must be non-empty"] : []),
    ...namePart(name).map((problem) => `name part ${problem}`),
  ];
  return [...prefixProblems, ...nameProblems];
};

/** The key of a ConfigMap's or Secret's data. */
export const configKey: NameRule = (text) => {
  const problems = configKeyFormat(text);
  if (text === "." || text === "..") return [...problems, `must not be '${text}'`];
  return text.startsWith("..") ? [...problems, "must not start with '..'"] : problems;
};

/** The name of an environment variable. */
export const envName: NameRule = (text) =>
  /^[ -<>-~]+$/.test(text)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];

/** The name of a container's port. Source: IANA service names, RFC 6335 §5.1. */
export const portName: NameRule = (text) => {
  const problems: string[] = [];
  if (text.length > 15) problems.push("must be no more than 15 characters");
  if (!/^[-a-z0-9]+$/.test(text)) {
    problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (!/[a-z]/.test(text)) problems.push("must contain at least one letter (a-z)");
  if (text.includes("--")) problems.push("must not contain consecutive hyphens");
  if (text.startsWith("-") || text.endsWith("-")) problems.push("must not begin or end with a hyphen");
  return problems;
};

function prefixRule(prefix: string): readonly string[] {
  if (prefix === "") return ["prefix part must be non-empty"];
  return subdomainFormat(prefix).map((problem) => `prefix part ${problem}`);
}

function formatRule(format: Format): NameRule {
  const pattern = new RegExp(`^(?:${format.regex})$`);
  const { maxLength = Number.POSITIVE_INFINITY } = format;
  return (text) => [
    ...(text.length > maxLength ? [`must be no more than ${maxLength} characters`] : []),
    ...(pattern.test(text) ? [] : [`${format.description} ${explain(format)}`]),
  ];
}

function explain({ regex, examples }: Format): string {
  const shown = examples.map((example) => `'${example}'`).join(",  or ");
  return `(e.g. ${shown}, regex used for validation is '${regex}')`;
}
