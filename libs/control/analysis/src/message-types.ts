/** How much a message matters. The worst comes first. Source: Istio, "Configuration Analysis Messages". */
export const LEVELS = ["Error", "Warning", "Info"] as const;
/** One of `LEVELS`. */
export type Level = (typeof LEVELS)[number];

/** What all messages of one code have in common. */
export interface MessageType {
  /** Istio's name for it. */
  readonly name: string;
  readonly level: Level;
  /** A sentence: what is wrong where this is reported. */
  readonly description: string;
}

/** Istio's messages, as far as this version finds what they are about. Codes are public: add, never rename. */
export const MESSAGE_TYPES = {
  IST0101: {
    name: "ReferencedResourceNotFound",
    level: "Error",
    description: "A rule names a host, port, subset, gateway, delegate or Secret that does not exist.",
  },
  IST0102: {
    name: "NamespaceNotInjected",
    level: "Info",
    description: "A namespace does not say whether its pods get sidecars.",
  },
  IST0103: {
    name: "PodMissingProxy",
    level: "Warning",
    description: "A pod has no sidecar although its namespace asks for them.",
  },
  IST0106: {
    name: "SchemaValidationError",
    level: "Error",
    description:
      "An object has a wrong type, an unknown field or a value that cannot be used; it is refused.",
  },
  IST0107: {
    name: "MisplacedAnnotation",
    level: "Warning",
    description: "An annotation stands at an object of a kind where it means nothing.",
  },
  IST0108: {
    name: "UnknownAnnotation",
    level: "Warning",
    description: "An annotation looks like one of the mesh's and is none.",
  },
  IST0109: {
    name: "ConflictingMeshGatewayVirtualServiceHosts",
    level: "Error",
    description: "Two VirtualServices of the sidecars have the same host: only one of them holds.",
  },
  IST0112: {
    name: "VirtualServiceDestinationPortSelectorRequired",
    level: "Error",
    description: "A route leads to a service with several ports, and none of them is the one that is called.",
  },
  IST0116: {
    name: "DeploymentAssociatedToMultipleServices",
    level: "Warning",
    description: "Services give one port of a Deployment's pods different protocols.",
  },
  IST0118: {
    name: "PortNameIsNotUnderNamingConvention",
    level: "Info",
    description:
      "A service's port does not say its protocol, so that sidecars find it out from the first bytes.",
  },
  IST0123: {
    name: "NamespaceMultipleInjectionLabels",
    level: "Warning",
    description: "A namespace has both of the labels that ask for sidecars.",
  },
  IST0125: {
    name: "InvalidAnnotation",
    level: "Warning",
    description: "An annotation has a value that cannot be used; the pod is refused when it is created.",
  },
  IST0130: {
    name: "VirtualServiceUnreachableRule",
    level: "Warning",
    description: "A route is never used, since earlier ones match all of its requests.",
  },
  IST0131: {
    name: "VirtualServiceIneffectiveMatch",
    level: "Info",
    description: "One condition of a route is never used, since an earlier one matches all of its requests.",
  },
  IST0133: {
    name: "SchemaWarning",
    level: "Warning",
    description: "A rule is taken, but says something that its author may not mean.",
  },
  IST0137: {
    name: "DeploymentConflictingPorts",
    level: "Warning",
    description: "Services lead by different ports to one port of a Deployment's pods.",
  },
  IST0144: {
    name: "InvalidApplicationUID",
    level: "Warning",
    description: "An application runs as user 1337, whose connections are never redirected.",
  },
  IST0145: {
    name: "ConflictingGateways",
    level: "Error",
    description: "Two Gateways want one port or one host for themselves: only the older one has it.",
  },
  IST0162: {
    name: "GatewayPortNotDefinedOnService",
    level: "Warning",
    description: "A Gateway's port is none of the gateway's Service: nobody can reach it.",
  },
  IST0173: {
    name: "DestinationRuleSubsetNotSelectPods",
    level: "Error",
    description: "A subset selects no pod: calls of it get 503.",
  },
  IST0174: {
    name: "UnknownDestinationRuleHost",
    level: "Warning",
    description: "A DestinationRule is about a host that no service has.",
  },
} as const satisfies Readonly<Record<string, MessageType>>;

/** The code of a message. */
export type MessageCode = keyof typeof MESSAGE_TYPES;

/** The page of Istio's documentation about a message. */
export function documentationUrl(code: MessageCode): string {
  return `https://istio.io/latest/docs/reference/config/analysis/${code.toLowerCase()}/`;
}

/** Says whether `level` is at least as bad as `threshold`. */
export function isAtLeast(level: Level, threshold: Level): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(threshold);
}
