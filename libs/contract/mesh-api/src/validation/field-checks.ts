import type { ConfigIssue } from "@bookmesh/kernel";
import { RE2JS } from "re2js";
import { parseDurationMs } from "../duration.ts";

/** Longest regular expression of a rule, as in Istio: longer ones cost every request. */
const MAX_REGEX_LENGTH = 1_024;

/** The issue of a duration, if it has one; an absent one has none. */
export function durationIssues(path: string, text: string | undefined): readonly ConfigIssue[] {
  if (text === undefined) return [];
  const ms = parseDurationMs(text);
  if (ms === undefined) return [{ path, problem: `"${text}" is no duration such as "5s" or "250ms"` }];
  if (ms < 1) return [{ path, problem: "must be at least 1ms" }];
  return Number.isInteger(ms) ? [] : [{ path, problem: "must be whole milliseconds" }];
}

/** The issue of a share in percent, if it has one. */
export function percentIssues(path: string, percent: number | undefined): readonly ConfigIssue[] {
  if (percent === undefined || (percent >= 0 && percent <= 100)) return [];
  return [{ path, problem: "must be between 0 and 100" }];
}

/** The issue of a regular expression in RE2's syntax, which is what sidecars match with. */
export function regexIssues(path: string, regex: string | undefined): readonly ConfigIssue[] {
  if (regex === undefined) return [];
  if (regex === "") return [{ path, problem: "must not be empty" }];
  if (regex.length > MAX_REGEX_LENGTH) {
    return [{ path, problem: `must not be longer than ${MAX_REGEX_LENGTH} characters` }];
  }
  try {
    RE2JS.compile(regex);
    return [];
  } catch (error) {
    return [{ path, problem: `is no regular expression: ${error instanceof Error ? error.message : regex}` }];
  }
}

/** The issue of a text that goes into a head as it is: one with a line break in it would begin a new line there. */
export function visibleTextIssues(path: string, text: string | undefined): readonly ConfigIssue[] {
  return text === undefined || /^[\x21-\x7e]*$/.test(text)
    ? []
    : [{ path, problem: "must be visible ASCII characters without spaces" }];
}

/** The issue of a path that is sent or answered. */
export function pathTextIssues(path: string, text: string | undefined): readonly ConfigIssue[] {
  const issues = visibleTextIssues(path, text);
  const isPath = text === undefined || text === "" || text.startsWith("/");
  return isPath ? issues : [...issues, { path, problem: 'must begin with "/"' }];
}

/** The issue of a host, with or without a port, that is sent or answered. */
export function authorityIssues(path: string, text: string | undefined): readonly ConfigIssue[] {
  return text === undefined || /^[\w.-]*(?::\d{1,5})?$/.test(text)
    ? []
    : [{ path, problem: `"${text}" is no host` }];
}
