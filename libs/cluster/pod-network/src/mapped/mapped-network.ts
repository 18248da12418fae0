import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { shellWord } from "@bookmesh/node-host";
import { forwardedNetwork } from "../loopback/loopback-network.ts";
import type { OpenPodNetwork, PodLink } from "../pod-network.ts";
import { mapSockets } from "./map-sockets.ts";
import { mappedPlace, mappedRange, withMappedPlaces } from "./mapped-place.ts";

/** Where the Node of the pods is written, and the module that it loads before their programs. */
export interface MappedPrograms {
  readonly directory: string;
  readonly preload: string;
}

/**
 * Mode `mapped`: as `loopback`, for machines that have one loopback address. Pods' addresses exist nowhere; their ports
 * are ports of the host address. The pods' Node and this process map their sockets by themselves; other programs are
 * told the mapped places.
 */
export function mappedNetwork(programs: MappedPrograms): OpenPodNetwork {
  return (surroundings) => {
    const { hostAddress } = surroundings;
    const range = mappedRange(hostAddress);
    if (range === undefined)
      throw new Error(`The address ${hostAddress} is not usable: take one from 127.0.0.1 to 127.0.0.112.`);
    const node = writeNode(programs);
    const endMapping = mapSockets();
    const network = forwardedNetwork(surroundings, range);
    return {
      ...network,
      node,
      attach: (pod, podIp) => mappedLink(network.attach(pod, podIp)),
      close() {
        network.close();
        endMapping();
      },
    };
  };
}

function mappedLink(link: PodLink): PodLink {
  return {
    ...link,
    place(port) {
      const own = link.place(port);
      return mappedPlace(own.host, port) ?? own;
    },
    onMachine: withMappedPlaces,
  };
}

/** A script: programs that find `node` on their path, or call it with flags of their own, are mapped too. */
function writeNode({ directory, preload }: MappedPrograms): string {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "node");
  const words = [process.execPath, "--import", pathToFileURL(preload).href].map(shellWord).join(" ");
  writeFileSync(file, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  return file;
}
