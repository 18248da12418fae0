import { print, type ConsoleIo } from "../console-io.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { askIstiod, askIstiods } from "../proxy/ask-istiod.ts";
import { openSession } from "../session.ts";
import { VERSION } from "../version.ts";

/** `bookmesh version`: of this command, of each istiod, and of the sidecars, in istioctl's words. */
export async function version(io: ConsoleIo, options: ClusterOptions): Promise<void> {
  print(io, `client version: ${VERSION}`);
  const session = openSession(io, options);
  const views = await askIstiods(session);
  for (const { istiod } of views) {
    // `0.1.0-default-Clean`: the version, the revision, and how the sources were.
    const [istiodVersion = ""] = (await askIstiod(session, istiod, "/version")).split("-");
    print(io, `control plane version: ${istiodVersion}`);
  }
  const proxies = views.flatMap((view) => view.proxies);
  for (const [proxyVersion, same] of Map.groupBy(proxies, (proxy) => proxy.version)) {
    const count = `${same.length} ${same.length === 1 ? "proxy" : "proxies"}`;
    print(io, `data plane version: ${proxyVersion} (${count})`);
  }
}
