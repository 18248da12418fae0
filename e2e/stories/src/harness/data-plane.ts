import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./platform.ts";

/** What the callers of the stories have as their sidecar: ours, or a stock Envoy (`E2E_DATA_PLANE=envoy`). */
export const DATA_PLANE = process.env["E2E_DATA_PLANE"] === "envoy" ? "envoy" : "bookmesh";

const ENVOY_IMAGE = "envoy-sidecar:stock";

/** The annotations of a caller's pods. */
export const CALLER_ANNOTATIONS: Readonly<Record<string, string>> =
  DATA_PLANE === "bookmesh"
    ? {}
    : {
        "sidecar.istio.io/proxyImage": ENVOY_IMAGE,
        // Envoy asks no application how it is: the kubelet does.
        "sidecar.istio.io/rewriteAppHTTPProbers": "false",
      };

/** The manifest of a Deployment, as the samples have it, with the annotations of a caller. */
export function asCaller(manifest: string): string {
  const head = "  template:\n    metadata:\n";
  return manifest.replace(head, () => `${head}      annotations: ${JSON.stringify(CALLER_ANNOTATIONS)}\n`);
}

/** Tells the local cluster in `home` which program Envoy's image name stands for. */
export function mapEnvoyImage(home: string): void {
  const program = JSON.stringify(join(ROOT, "e2e/envoy/src/main.ts"));
  const map = `images:
  - image: "envoy-sidecar*"
    command: ["{node}", ${program}]
    env: { ENVOY: ${JSON.stringify(process.env["ENVOY"] ?? "envoy")} }
    bin:
      sidecar-proxy: ["{node}", ${program}]
`;
  writeFileSync(join(home, "image-map.yml"), map);
}
