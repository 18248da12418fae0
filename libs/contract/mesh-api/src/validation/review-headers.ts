import type { ConfigIssue } from "@bookmesh/kernel";
import type { HeaderRules } from "../schema/http-route.ts";

const NAME = /^:?[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** What is wrong with edits of headers, beyond their schema. */
export function headerIssues(headers: HeaderRules | undefined, at: string): readonly ConfigIssue[] {
  if (headers === undefined) return [];
  return [
    ...operationIssues(headers.request, `${at}.request`),
    ...operationIssues(headers.response, `${at}.response`),
  ];
}

function operationIssues(operations: HeaderRules["request"], at: string): readonly ConfigIssue[] {
  if (operations === undefined) return [];
  return [
    ...fieldIssues(operations.set ?? {}, `${at}.set`),
    ...fieldIssues(operations.add ?? {}, `${at}.add`),
    ...(operations.remove ?? []).flatMap((name, index) => nameIssues(name, `${at}.remove[${index}]`)),
  ];
}

function fieldIssues(fields: Readonly<Record<string, string>>, at: string): readonly ConfigIssue[] {
  return Object.entries(fields).flatMap(([name, value]) => [
    ...nameIssues(name, `${at}.${name}`),
    ...valueIssues(value, `${at}.${name}`),
  ]);
}

function nameIssues(name: string, path: string): readonly ConfigIssue[] {
  return NAME.test(name) ? [] : [{ path, problem: `"${name}" is no name of a header` }];
}

function valueIssues(value: string, path: string): readonly ConfigIssue[] {
  if (/[\r\n\0]/.test(value)) return [{ path, problem: "must not contain a line break" }];
  if (value.replaceAll("%%", "").includes("%"))
    return [{ path, problem: "must not contain a %COMMAND%: not honoured by this version of Bookmesh yet" }];
  return [];
}
