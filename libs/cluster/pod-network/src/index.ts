// The network of a cluster's pods, and its modes
export type { Argv, Enclosure, OpenPodNetwork, PodLink, PodNetwork } from "./pod-network.ts";
export { loopbackNetwork } from "./loopback/loopback-network.ts";
export { mappedNetwork, type MappedPrograms } from "./mapped/mapped-network.ts";
export { hostDoor, type HostDoor } from "./netns/host-door.ts";
export { netnsNetwork } from "./netns/netns-network.ts";

// Addresses and Services
export { podAddresses, podRange, type PodAddresses } from "./pod-addresses.ts";
export { serviceDirectory } from "./service-directory.ts";
export { endpointsDrained } from "./endpoint-drain.ts";
export { openNodePorts } from "./node-ports.ts";

// What a network reads of a pod
export { podContainers, type ContainerRole, type PodContainer } from "./pod-containers.ts";
export { podDirectory, type PodDirectory } from "./pod-directory.ts";

// Which users the programs of pods can be
export { userMapping } from "./netns/user-mapping.ts";
