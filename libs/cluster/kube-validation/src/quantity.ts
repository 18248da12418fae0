const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity (`500m`, `128Mi`, `1e3`) as a number; `undefined` where it is none. Source: Kubernetes, `resource.Quantity`. */
export function quantityOf(text: string): number | undefined {
  const match = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))([a-zA-Z]{0,2}|[eE][+-]?\d+)$/.exec(text);
  if (match === null) return undefined;
  const [, number = "", suffix = ""] = match;
  if (/^[eE][+-]?\d/.test(suffix)) return Number(number + suffix);
  const factor = Object.hasOwn(SUFFIXES, suffix) ? SUFFIXES[suffix] : undefined;
  return factor === undefined ? undefined : Number(number) * factor;
}
