import { issueServerCertificate, readValidity, renewAt, type KeyedCertificate } from "@bookmesh/identity";
import type { ReconcilePorts } from "@bookmesh/mesh-world";
import { backoffMs, snapshotCell, type SnapshotReader } from "@bookmesh/kernel";
import { sleepUntil } from "./sleep-until.ts";

const LIFETIME_MS = 30 * 86_400_000;
const RETRY = { initialMs: 1_000, maxMs: 300_000 } as const;

/** Under which names istiod is reached inside the cluster. */
export function istiodNames(namespace: string, revision: string): readonly string[] {
  const service = revision === "default" || revision === "" ? "istiod" : `istiod-${revision}`;
  return [service, ...(service === "istiod" ? [] : ["istiod"])].flatMap((name) => [
    `${name}.${namespace}.svc`,
    `${name}.${namespace}.svc.cluster.local`,
    `${name}.${namespace}`,
    name,
  ]);
}

/** Issues istiod's own certificate and keeps it fresh: at half of its life a new one takes its place. */
export async function servingCertificate(
  root: KeyedCertificate,
  dnsNames: readonly string[],
  ports: ReconcilePorts,
): Promise<SnapshotReader<KeyedCertificate>> {
  const issue = () => issueServerCertificate(root, { dnsNames, lifetimeMs: LIFETIME_MS, clock: ports.clock });
  const cell = snapshotCell(await issue());
  const renew = async () => {
    for (let failures = 0; ;) {
      await sleepUntil(renewAt(readValidity(cell.current().certPem)), ports);
      try {
        cell.replace(await issue());
        failures = 0;
        ports.log.info("The serving certificate was renewed.");
      } catch (error) {
        ports.log.error({ err: error }, "The serving certificate could not be renewed; the old one goes on.");
        await ports.clock.sleep(backoffMs(failures++, RETRY, ports.random), ports.signal);
      }
    }
  };
  renew().catch(() => undefined); // only the signal ends it
  return cell;
}
