/** A minute as a schedule sees it, in the schedule's time zone. */
export interface CalendarMinute {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  /** 1 is January. */
  readonly month: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

/** Says whether a schedule names a minute. */
export type CronSchedule = (at: CalendarMinute) => boolean;

/** The range of a field, and the words for its numbers, the first for the lowest. */
interface Field {
  readonly low: number;
  readonly high: number;
  readonly words: readonly string[];
}

const FIELDS: readonly Field[] = [
  { low: 0, high: 59, words: [] },
  { low: 0, high: 23, words: [] },
  { low: 1, high: 31, words: [] },
  { low: 1, high: 12, words: "jan feb mar apr may jun jul aug sep oct nov dec".split(" ") },
  { low: 0, high: 7, words: "sun mon tue wed thu fri sat".split(" ") },
];

const NICKNAMES: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/** Reads `minute hour day month weekday`; a sentence where it cannot be read. Source: crontab(5), Kubernetes, "Schedule syntax". */
export function parseCronSchedule(text: string): CronSchedule | string {
  const parts = (NICKNAMES[text.trim()] ?? text).trim().split(/\s+/);
  if (text.trim().startsWith("@") && NICKNAMES[text.trim()] === undefined)
    return `unrecognized descriptor: ${text.trim()}`;
  if (parts.length !== FIELDS.length)
    return `expected exactly 5 fields, found ${parts.length}: [${parts.join(" ")}]`;
  const sets = FIELDS.map((field, index) => numbersOf(parts[index] ?? "", field));
  const broken = sets.find((set) => typeof set === "string");
  if (broken !== undefined) return broken;
  const has = (index: number, value: number) => {
    const set = sets[index];
    return set instanceof Set && set.has(value);
  };
  // Where both name days, either will do.
  const isAnyDay = /^[*?]/.test(parts[2] ?? "");
  const isAnyWeekday = /^[*?]/.test(parts[4] ?? "");
  return ({ minute, hour, day, month, weekday }) => {
    if (!has(0, minute) || !has(1, hour) || !has(3, month)) return false;
    const isWeekday = has(4, weekday) || (weekday === 0 && has(4, 7));
    return isAnyDay || isAnyWeekday ? has(2, day) && isWeekday : has(2, day) || isWeekday;
  };
}

/** `*`, `5`, `1-5`, `mon-fri`, `0-30/10`, `7/2`, and lists of these. */
function numbersOf(text: string, field: Field): ReadonlySet<number> | string {
  const numbers = new Set<number>();
  for (const part of text.split(",")) {
    const range = rangeOf(part, field);
    if (typeof range === "string") return range;
    for (let number = range.low; number <= range.high; number += range.step) numbers.add(number);
  }
  return numbers;
}

function rangeOf(
  part: string,
  { low, high, words }: Field,
): { readonly low: number; readonly high: number; readonly step: number } | string {
  const [range = "", stepText, ...rest] = part.split("/");
  const [first = "", second, ...more] = range.split("-");
  const isAll = range === "*" || range === "?";
  const from = isAll ? low : numberOf(first, words, low);
  const step = stepText === undefined ? 1 : Number(/^\d+$/.exec(stepText)?.[0] ?? Number.NaN);
  const to =
    second === undefined ? (isAll || stepText !== undefined ? high : from) : numberOf(second, words, low);
  if (rest.length + more.length > 0 || Number.isNaN(from + to + step)) return `failed to parse: ${part}`;
  if (from < low) return `beginning of range (${from}) below minimum (${low}): ${part}`;
  if (to > high) return `end of range (${to}) above maximum (${high}): ${part}`;
  if (from > to) return `beginning of range (${from}) beyond end of range (${to}): ${part}`;
  return step === 0 ? `step of range should be a positive number: ${part}` : { low: from, high: to, step };
}

function numberOf(text: string, words: readonly string[], low: number): number {
  const word = words.indexOf(text.toLowerCase());
  if (word >= 0) return word + low;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
