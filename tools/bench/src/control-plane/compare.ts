import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "../median.ts";
import { compareAnalysis, type AnalysisFigures } from "./analyze.ts";
import { bookmeshControlPlane, istiodControlPlane, type ControlPlane } from "./control-planes.ts";
import {
  measureControlPlane,
  type ControlPlaneFigures,
  type ControlPlaneMetric,
  type ControlPlanePlan,
} from "./measure.ts";
import { meshApi, type MeshApi } from "./mesh-api.ts";

/** The run whose figures may be quoted. */
export const FULL_CONTROL_PLANE_PLAN: ControlPlanePlan = {
  rounds: 3,
  services: 1_000,
  proxies: 200,
  changes: 10,
};

/** A run that shows that the comparison works, and roughly where the figures lie. */
export const SHORT_CONTROL_PLANE_PLAN: ControlPlanePlan = {
  ...FULL_CONTROL_PLANE_PLAN,
  ...{ rounds: 1, proxies: 50, changes: 4 },
};

/** The medians of all rounds, of each control plane that was there. */
export interface ControlPlaneComparison {
  readonly bookmesh: ControlPlaneFigures;
  readonly istiod?: ControlPlaneFigures;
  readonly analysis: AnalysisFigures;
}

/**
 * Measures ours beside istiod, in turn, each in front of an API of its own that holds the same mesh: each keeps there
 * what it needs again, such as its root. Ours lives once before: what it writes into the rules' status is there from
 * then on, as in every mesh that has had a control plane.
 */
export async function compareControlPlanes(
  plan: ControlPlanePlan,
  say: (text: string) => void,
): Promise<ControlPlaneComparison> {
  const folder = mkdtempSync(join(tmpdir(), "bookmesh-control-planes-"));
  const [bookmesh, istiod] = [bookmeshControlPlane(folder), istiodControlPlane(folder)];
  const places: Place[] = [];
  try {
    for (const one of istiod ? [bookmesh, istiod] : [bookmesh]) {
      say(`Writing ${plan.services} services for ${one.name}`);
      places.push({ one, api: await meshApi(join(folder, one.name), plan.services), lives: [] });
    }
    const [ours, others] = places;
    if (ours) await measureControlPlane(ours.one, ours.api, { ...plan, proxies: 1, changes: 1 });
    for (let round = 1; round <= plan.rounds; round += 1)
      for (const { one, api, lives } of places) {
        say(`Round ${round} of ${plan.rounds}: ${one.name}`);
        lives.push(await measureControlPlane(one, api, plan));
      }
    say("Analyzing the same mesh's documents");
    const analysis = compareAnalysis(folder, plan.services);
    return {
      bookmesh: medians(ours?.lives ?? []),
      ...(others && { istiod: medians(others.lives) }),
      analysis,
    };
  } finally {
    for (const { api } of places) await api.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A control plane, where it lives, and what its lives were like. */
interface Place {
  readonly one: ControlPlane;
  readonly api: MeshApi;
  readonly lives: ControlPlaneFigures[];
}

function medians(lives: readonly ControlPlaneFigures[]): ControlPlaneFigures {
  const of = (metric: ControlPlaneMetric) => median(lives.map((figures) => figures[metric])) ?? Number.NaN;
  return {
    start_to_first_set_cpu_ms: of("start_to_first_set_cpu_ms"),
    start_to_first_set_ms: of("start_to_first_set_ms"),
    first_set_cpu_ms: of("first_set_cpu_ms"),
    further_proxy_cpu_ms: of("further_proxy_cpu_ms"),
    route_change_cpu_ms_per_proxy: of("route_change_cpu_ms_per_proxy"),
    route_change_to_last_proxy_ms: of("route_change_to_last_proxy_ms"),
    endpoint_change_cpu_ms_per_proxy: of("endpoint_change_cpu_ms_per_proxy"),
    endpoint_change_to_last_proxy_ms: of("endpoint_change_to_last_proxy_ms"),
    base_rss_mb: of("base_rss_mb"),
    rss_mb_per_proxy: of("rss_mb_per_proxy"),
  };
}
