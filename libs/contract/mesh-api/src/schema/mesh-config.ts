import * as z from "zod";
import { stringMap, type DeepReadonly } from "./parts.ts";

/** The mesh-wide settings, as ConfigMap `istio` (key `mesh`) holds them. Every field has a default. */
export const meshConfigSchema = z.strictObject({
  rootNamespace: z.string().default("istio-system").describe("Where mesh-wide rules live."),
  trustDomain: z.string().default("cluster.local").describe("The root of all identities."),
  defaultLoadBalancer: z
    .enum(["ROUND_ROBIN", "LEAST_REQUEST", "RANDOM"])
    .default("LEAST_REQUEST")
    .describe("The balancing policy where no rule sets one."),
  accessLogFile: z.string().default("").describe("Where sidecars write their access log; empty: nowhere."),
  outboundTrafficPolicy: z
    .strictObject({ mode: z.enum(["ALLOW_ANY", "REGISTRY_ONLY"]).default("ALLOW_ANY") })
    .default({ mode: "ALLOW_ANY" })
    .describe("What happens to calls of hosts that the mesh does not know."),
  defaultConfig: z
    .strictObject({
      discoveryAddress: z.string().default("istiod.istio-system.svc:15012"),
      interceptionMode: z.enum(["REDIRECT", "TPROXY", "NONE"]).default("REDIRECT"),
      proxyMetadata: stringMap.default({}).describe("Environment of every sidecar."),
      concurrency: z.int().min(0).optional(),
      terminationDrainDuration: z.string().default("5s"),
      holdApplicationUntilProxyStarts: z.boolean().default(true),
    })
    .prefault({})
    .describe("Settings of every sidecar."),
});

/** The mesh-wide settings. */
export type MeshConfig = DeepReadonly<z.output<typeof meshConfigSchema>>;

/** What holds where the mesh configuration says nothing. */
export const DEFAULT_MESH_CONFIG: MeshConfig = meshConfigSchema.parse({});
