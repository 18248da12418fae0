import { RESOURCES } from "@bookmesh/kube-api";
import type { HttpRoute, VirtualService } from "@bookmesh/mesh-api";
import { analyzerOf } from "../analyzer.ts";
import type { Finding } from "../finding.ts";
import { covers, isCatchAll, type Condition } from "./match-coverage.ts";

/** Finds routes and conditions that never get a request: `http` is taken in its order. */
export const unreachableRules = analyzerOf<VirtualService>([RESOURCES.virtualServices], {
  name: "virtualservice.MatchesAnalyzer",
  description: "Checks that no route of a VirtualService is hidden by the ones before it.",
  codes: ["IST0130", "IST0131"],
  examine: ({ spec }) => {
    const earlier: Placed[] = [];
    return (spec.http ?? []).flatMap((route, index) => {
      const findings = examineRoute(route, index, earlier);
      earlier.push(...conditionsOf(route, index));
      return findings;
    });
  },
});

interface Placed {
  readonly condition: Condition;
  readonly route: number;
  readonly path: string;
}

function conditionsOf({ match = [] }: HttpRoute, route: number): readonly Placed[] {
  const path = `spec.http[${route}]`;
  if (match.length === 0) return [{ condition: undefined, route, path }];
  return match.map((condition, index) => ({ condition, route, path: `${path}.match[${index}]` }));
}

function examineRoute(route: HttpRoute, index: number, earlier: readonly Placed[]): readonly Finding[] {
  const own = conditionsOf(route, index);
  const hidden = own.map(({ condition }) => earlier.find((other) => covers(other.condition, condition)));
  const [first] = hidden;
  if (first !== undefined && hidden.every((by) => by !== undefined)) {
    const problem = isCatchAll(first.condition)
      ? `is never reached: ${first.path} matches every request`
      : `is never reached: ${pathsOf(hidden)} match all of its requests`;
    return [{ code: "IST0130", path: `spec.http[${index}]`, problem }];
  }
  return own.flatMap(({ condition, path }, at): readonly Finding[] => {
    const by = hidden[at] ?? own.slice(0, at).find((other) => covers(other.condition, condition));
    if (by === undefined) return [];
    return [{ code: "IST0131", path, problem: `is never used: ${by.path} matches all of its requests` }];
  });
}

function pathsOf(places: readonly (Placed | undefined)[]): string {
  return [...new Set(places.flatMap((place) => (place === undefined ? [] : [place.path])))].join(" and ");
}
