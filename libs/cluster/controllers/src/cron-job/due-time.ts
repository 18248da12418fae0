import { parseCronSchedule, type CalendarMinute } from "@bookmesh/kube-model";

const MINUTE_MS = 60_000;
/** A cluster that rested for longer does not make up for what it missed before. */
const MAX_LOOK_BACK_MS = 31 * 24 * 60 * MINUTE_MS;

/** A span of time: what lies after `afterMs`, up to `untilMs`. */
export interface Span {
  readonly afterMs: number;
  readonly untilMs: number;
}

/** The newest time in a span that a schedule names, in milliseconds; `undefined` where it names none. */
export function dueTime(
  { schedule, timeZone = "UTC" }: { readonly schedule: string; readonly timeZone?: string },
  { afterMs, untilMs }: Span,
): number | undefined {
  const names = parseCronSchedule(schedule);
  if (typeof names === "string") return undefined; // the API refuses such a schedule
  const calendar = calendarOf(timeZone);
  const firstMs = Math.max(afterMs, untilMs - MAX_LOOK_BACK_MS);
  for (let ms = Math.floor(untilMs / MINUTE_MS) * MINUTE_MS; ms > firstMs; ms -= MINUTE_MS)
    if (names(calendar(ms))) return ms;
  return undefined;
}

/** How long until the next minute begins, in milliseconds. */
export function msUntilNextMinute(nowMs: number): number {
  return MINUTE_MS - (nowMs % MINUTE_MS);
}

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

function calendarOf(timeZone: string): (ms: number) => CalendarMinute {
  if (timeZone === "UTC") return utcMinute;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    minute: "numeric",
    hour: "numeric",
    day: "numeric",
    month: "numeric",
    weekday: "short",
  });
  return (ms) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const number = (part: Intl.DateTimeFormatPartTypes) => Number(parts.get(part));
    const weekday = WEEKDAYS.indexOf(parts.get("weekday") ?? "");
    return {
      minute: number("minute"),
      hour: number("hour"),
      day: number("day"),
      month: number("month"),
      weekday,
    };
  };
}

function utcMinute(ms: number): CalendarMinute {
  const date = new Date(ms);
  return {
    minute: date.getUTCMinutes(),
    hour: date.getUTCHours(),
    day: date.getUTCDate(),
    month: date.getUTCMonth() + 1,
    weekday: date.getUTCDay(),
  };
}
