import type { ConfigIssue } from "@bookmesh/kernel";
import type { HttpRoute } from "../schema/http-route.ts";
import type { VirtualServiceSpec } from "../schema/virtual-service.ts";

/**
 * What is wrong with how a VirtualService delegates. One without hosts is a delegate; it may not delegate further, so
 * that no cycle can come about.
 */
export function delegateIssues(spec: VirtualServiceSpec): readonly ConfigIssue[] {
  const { gateways = [], http = [] } = spec;
  if (!isDelegate(spec)) return http.flatMap((route, index) => rootIssues(route, `spec.http[${index}]`));
  return [
    ...(gateways.length > 0
      ? [
          {
            path: "spec.gateways",
            problem: "must be absent where there are no hosts: a delegate has its root's",
          },
        ]
      : []),
    ...http.flatMap(({ delegate }, index) =>
      delegate === undefined
        ? []
        : [
            {
              path: `spec.http[${index}].delegate`,
              problem: "must be absent: a delegate cannot delegate further",
            },
          ],
    ),
  ];
}

/** What deserves a word although it is taken. */
export function delegateWarnings(spec: VirtualServiceSpec): readonly ConfigIssue[] {
  if (!isDelegate(spec)) return [];
  const problem = "is empty: the rule has no effect but where another VirtualService delegates to it";
  return [{ path: "spec.hosts", problem }];
}

function isDelegate({ hosts = [] }: VirtualServiceSpec): boolean {
  return hosts.length === 0;
}

function rootIssues({ delegate, route = [], redirect, directResponse }: HttpRoute, at: string) {
  if (delegate === undefined) return [];
  const acts = route.length > 0 || redirect !== undefined || directResponse !== undefined;
  return [
    ...((delegate.name ?? "") === "" ? [{ path: `${at}.delegate.name`, problem: "is required" }] : []),
    ...(acts
      ? [{ path: at, problem: "must not have a route, a redirect or a directResponse beside its delegate" }]
      : []),
  ];
}
