import type { Target } from "./target.ts";

/** Callers remembered at a time, of all Services; the one that was not seen for the longest is forgotten first. */
const MAX_CALLERS = 10_000;

/** Who calls which port of which Service, and for how long it stays with an endpoint. */
export interface Session {
  readonly key: string;
  readonly timeoutMs: number;
}

/** Which endpoint each caller had last. */
export interface SessionAffinity {
  /** The one of `targets` that the caller had before, as long as its session lasts; else `fresh`, from now on. */
  keep(session: Session, targets: readonly Target[], fresh: Target | undefined): Target | undefined;
}

/** Nobody is remembered yet. Time is read from `nowMs`. */
export function sessionAffinity(nowMs: () => number): SessionAffinity {
  const sessions = new Map<string, { readonly target: Target; readonly untilMs: number }>();
  return {
    keep({ key, timeoutMs }, targets, fresh) {
      const before = sessions.get(key);
      const isOver = before === undefined || before.untilMs <= nowMs();
      const target = (isOver ? undefined : targets.find((each) => isSame(each, before.target))) ?? fresh;
      sessions.delete(key); // the order is that of the last use
      if (target) sessions.set(key, { target, untilMs: nowMs() + timeoutMs });
      const [oldest] = sessions.keys();
      if (sessions.size > MAX_CALLERS && oldest !== undefined) sessions.delete(oldest);
      return target;
    },
  };
}

function isSame(one: Target, other: Target): boolean {
  return one.host === other.host && one.port === other.port;
}
