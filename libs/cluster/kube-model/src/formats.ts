const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
const IPV6 = /^(?=.*:.*:)[0-9a-f:.]{2,45}$/i;

/** The formats of strings that are checked; a format that is not listed here accepts everything, as in Kubernetes. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  "date-time": (text) =>
    /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.test(text) &&
    !Number.isNaN(Date.parse(text)),
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  duration: isDuration,
  byte: (text) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text),
  uri: (text) => /^[a-zA-Z][a-zA-Z0-9+.-]*:\S*$|^\/\S*$/.test(text),
  email: (text) => /^[^\s@]+@[^\s@]+$/.test(text),
  hostname: (text) => /^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,62}\.?)*$/.test(text) && text.length <= 253,
  ipv4: (text) => IPV4.test(text),
  ipv6: (text) => IPV6.test(text),
  cidr: (text) => {
    const [address = "", bits = ""] = text.split("/");
    return (
      /^\d{1,3}$/.test(bits) &&
      (IPV4.test(address) ? Number(bits) <= 32 : IPV6.test(address) && Number(bits) <= 128)
    );
  },
  mac: (text) => /^[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5,7}$/i.test(text),
  uuid: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
};

/** Says whether a string has the format that a schema names. */
export function hasFormat(text: string, format: string): boolean {
  return Object.hasOwn(FORMATS, format) ? (FORMATS[format]?.(text) ?? true) : true;
}

/** Go's durations (`1h5m`, `1.5s`) and the long forms that OpenAPI's Go library takes (`3 days`). */
function isDuration(text: string): boolean {
  const short =
    /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h)(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))*$/;
  const long =
    /^\d+\s*(?:weeks?|wks?|w|days?|d|hours?|hrs?|minutes?|mins?|seconds?|secs?|milliseconds?|milli)$/i;
  return text === "0" || short.test(text) || long.test(text);
}
