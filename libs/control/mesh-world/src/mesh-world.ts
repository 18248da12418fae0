import { DESTINATION_ANALYZERS, meshAnalysis, type MeshAnalysis } from "@bookmesh/analysis";
import { namedCredentials } from "@bookmesh/gateways";
import type { ConfigMap, KubeObject } from "@bookmesh/kube-api";
import type { DestinationRule, Gateway, VirtualService } from "@bookmesh/mesh-api";
import { DEFAULT_MESH_SETTINGS, readMeshSettings, type MeshSettings } from "@bookmesh/injection";
import {
  describeIssues,
  hasSame,
  lastCall,
  snapshotCell,
  steadyRecord,
  type SnapshotReader,
} from "@bookmesh/kernel";
import type { MeshSnapshot } from "@bookmesh/translate";
import { debounced } from "./debounce.ts";
import { followCredentials } from "./follow-credentials.ts";
import { followMesh, type FollowPorts, type MeshObjects } from "./follow-mesh.ts";
import type { RuleStatuses } from "./rule-statuses.ts";

/** The mesh at one moment: what is translated, and what the installation decided. */
export interface MeshWorld {
  readonly snapshot: MeshSnapshot;
  readonly rules: MeshRules;
  readonly settings: MeshSettings;
  /** When it became so, in milliseconds since the epoch. */
  readonly sinceMs: number;
}

/** All rules, those that validation refuses too. The very same lists as before where no rule changed. */
export type MeshRules = Pick<MeshObjects, "virtualServices" | "destinationRules" | "gateways">;

/** The mesh, as it is now. */
export interface FollowedWorld extends SnapshotReader<MeshWorld> {
  readonly statuses: RuleStatuses;
}

/** Follows the mesh; resolves with its first complete snapshot, which is then replaced as the mesh changes. */
export async function meshWorld(ports: FollowPorts, systemNamespace: string): Promise<FollowedWorld> {
  let changedAtMs = ports.clock.now();
  let started = false;
  const publish = () => cell.replace(build());
  const analysis = meshAnalysis(DESTINATION_ANALYZERS);
  const expectsMore = () => dangles(build().snapshot, cell.current().snapshot, analysis);
  const { clock, log, signal } = ports;
  const onFailure = (error: unknown) =>
    log.error({ err: error }, "A change of the mesh could not be taken over.");
  const publishSoon = debounced({ act: publish, expectsMore, onFailure, clock, signal });
  const onChange = () => {
    changedAtMs = ports.clock.now();
    if (started) publishSoon();
  };
  const followed = followMesh(ports, systemNamespace, onChange);
  const credentials = followCredentials(ports, onChange);
  const accepted = acceptedOnly(ports, analysis);
  const steady = steadyRecord<MeshSnapshot>();
  const settingsOf = lastReadable(ports);
  const build = (): MeshWorld => {
    const objects = followed.objects();
    const settings = settingsOf(objects.settings);
    const read = { ...settings, credentials: credentials.list() };
    const snapshot = steady(snapshotOf(objects, read, accepted));
    void credentials.follow(namedCredentials(snapshot));
    return { snapshot, rules: objects, settings, sinceMs: changedAtMs };
  };
  await followed.synced;
  // Gateways that come back are not to lose the certificates that they have.
  await credentials.follow(namedCredentials(build().snapshot));
  started = true;
  const cell = snapshotCell(build());
  return { ...cell, statuses: followed.statuses };
}

/**
 * Says whether a route names something that is not there, and did not do so before. Routes and the subsets that they
 * name often change in one apply, one after the other: what is missing, or the route that no longer wants it, is then
 * a moment away, and until then calls would fail.
 */
function dangles(after: MeshSnapshot, before: MeshSnapshot, { findings }: MeshAnalysis): boolean {
  const missing = (rule: VirtualService, world: MeshSnapshot) =>
    findings(rule, world).filter(({ code }) => code === "IST0101").length;
  const known = new Set(before.virtualServices);
  const keepsTargets =
    after.services === before.services && hasSame(after.destinationRules, before.destinationRules);
  return after.virtualServices.some((rule) => {
    if (!known.has(rule)) return missing(rule, after) > 0;
    return !keepsTargets && missing(rule, after) > missing(rule, before);
  });
}

/** Reads the mesh's settings when their ConfigMaps change. */
function lastReadable({ log }: FollowPorts): (maps: readonly ConfigMap[]) => MeshSettings {
  let before = DEFAULT_MESH_SETTINGS;
  return lastCall((maps) => {
    const { settings, problems } = readMeshSettings(maps, before);
    for (const problem of problems) log.error(`${problem}. The last readable value stays.`);
    before = settings;
    return settings;
  });
}

/** Keeps what validation accepts; that is of the kind which was listed. */
interface Accepted {
  virtualServices(objects: readonly KubeObject[]): readonly VirtualService[];
  destinationRules(objects: readonly KubeObject[]): readonly DestinationRule[];
  gateways(objects: readonly KubeObject[]): readonly Gateway[];
}

function snapshotOf(
  objects: MeshObjects,
  { meshConfig, credentials }: Pick<MeshSnapshot, "meshConfig" | "credentials">,
  accepted: Accepted,
): MeshSnapshot {
  const { namespaces, services, endpointSlices, pods } = objects;
  return {
    ...{ namespaces, services, endpointSlices, pods, meshConfig, credentials },
    virtualServices: accepted.virtualServices(objects.virtualServices),
    destinationRules: accepted.destinationRules(objects.destinationRules),
    gateways: accepted.gateways(objects.gateways),
  };
}

/**
 * Leaves out what validation refuses: an object may have been stored while no webhook answered, and one author's
 * mistake must not reach anybody's proxy. Each object is judged once.
 */
function acceptedOnly({ log }: FollowPorts, { validate }: MeshAnalysis): Accepted {
  const verdicts = new WeakMap<KubeObject, boolean>();
  const judge = (object: KubeObject): boolean => {
    const { isValid, findings } = validate(object);
    const { namespace = "", name } = object.metadata;
    if (!isValid) log.warn(`${object.kind} ${namespace}/${name} is left out: ${describeIssues(findings)}`);
    return isValid;
  };
  const isAccepted = (object: KubeObject): boolean => {
    const verdict = verdicts.get(object) ?? judge(object);
    verdicts.set(object, verdict);
    return verdict;
  };
  return {
    virtualServices: lastCall((objects: readonly KubeObject[]) =>
      objects.filter((object): object is KubeObject & VirtualService => isAccepted(object)),
    ),
    destinationRules: lastCall((objects: readonly KubeObject[]) =>
      objects.filter((object): object is KubeObject & DestinationRule => isAccepted(object)),
    ),
    gateways: lastCall((objects: readonly KubeObject[]) =>
      objects.filter((object): object is KubeObject & Gateway => isAccepted(object)),
    ),
  };
}
