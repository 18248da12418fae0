import type { ConfigIssue } from "@bookmesh/kernel";
import type { HeaderRules } from "../schema/http-route.ts";
import { authorityIssues } from "./field-checks.ts";

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HOST_NAMES = ["host", ":authority"];

/** What is wrong with edits of headers, beyond their schema. */
export function headerIssues(headers: HeaderRules | undefined, at: string): readonly ConfigIssue[] {
  const { request, response } = headers ?? {};
  return [
    ...requestSetIssues(request?.set, `${at}.request.set`),
    ...fieldIssues(request?.add, `${at}.request.add`),
    ...removalIssues(request?.remove, `${at}.request.remove`),
    ...fieldIssues(response?.set, `${at}.response.set`),
    ...fieldIssues(response?.add, `${at}.response.add`),
    ...removalIssues(response?.remove, `${at}.response.remove`),
  ];
}

type Fields = Readonly<Record<string, string>>;

/** The one place where the Host may be named. */
function requestSetIssues(fields: Fields = {}, at: string): readonly ConfigIssue[] {
  const entries = Object.entries(fields);
  const hosts = entries.filter(([name]) => isHost(name));
  const others = Object.fromEntries(entries.filter(([name]) => !isHost(name)));
  return [
    ...hosts.flatMap(([name, value]) => authorityIssues(`${at}.${name}`, value)),
    ...fieldIssues(others, at),
  ];
}

function fieldIssues(fields: Fields = {}, at: string): readonly ConfigIssue[] {
  return Object.entries(fields).flatMap(([name, value]) => [
    ...nameIssues(name, `${at}.${name}`),
    ...valueIssues(value, `${at}.${name}`),
  ]);
}

function removalIssues(names: readonly string[] = [], at: string): readonly ConfigIssue[] {
  return names.flatMap((name, index) => nameIssues(name, `${at}[${index}]`));
}

/** The Host is no header to proxies: it can be replaced in requests, not added to or removed. */
function nameIssues(name: string, path: string): readonly ConfigIssue[] {
  if (isHost(name)) return [{ path, problem: "is the host: only headers.request.set may change it" }];
  return NAME.test(name) ? [] : [{ path, problem: `"${name}" is no name of a header` }];
}

/** Says whether a header is the host, by either of its names. */
export function isHost(name: string): boolean {
  return HOST_NAMES.includes(name.toLowerCase());
}

function valueIssues(value: string, path: string): readonly ConfigIssue[] {
  if (/[\r\n\0]/.test(value)) return [{ path, problem: "must not contain a line break" }];
  if (value.replaceAll("%%", "").includes("%"))
    return [{ path, problem: "must not contain a %COMMAND%: not honoured by this version of Bookmesh yet" }];
  return [];
}
