import { applicationAddress } from "../pod-addresses.ts";
import type { ServiceDirectory } from "../service-directory.ts";
import type { Target } from "../target.ts";
import { readHostName } from "./service-names.ts";

/** Who asks: the namespace and the IP of a pod. */
export interface Asker {
  readonly podIp: string;
  readonly namespace: string;
}

/** The places that `host:port` stands for when a pod asks; outside names are left to the machine's resolver. */
export function resolveHost(
  directory: ServiceDirectory,
  asker: Asker,
  { host, port }: Target,
): readonly Target[] {
  const meaning = readHostName(host, {
    namespace: asker.namespace,
    has(namespace, name, hostname) {
      const service = directory.service(namespace, name);
      return service !== undefined && (hostname === undefined || directory.hasHostname(service, hostname));
    },
  });
  const caller = asker.podIp;
  switch (meaning.kind) {
    case "pod-localhost":
      return [applicationAddress(asker.podIp), asker.podIp].map((address) => ({ host: address, port }));
    case "outside":
      return [{ host: meaning.name, port }];
    case "address": {
      const service = directory.byClusterIp(meaning.ip);
      return service ? directory.targets(service, { port, caller }) : [{ host: meaning.ip, port }];
    }
    case "service": {
      const { hostname } = meaning;
      const service = directory.service(meaning.namespace, meaning.name);
      if (service?.spec.type === "ExternalName") return [{ host: service.spec.externalName ?? "", port }];
      const call = { port, caller, ...(hostname !== undefined && { hostname }) };
      return service ? directory.targets(service, call) : [];
    }
  }
}
