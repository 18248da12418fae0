import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inClusterConfig } from "./in-cluster-config.ts";
import { loadKubeConfig } from "./load-kube-config.ts";

const folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
const path = join(folder, "config");

beforeAll(() => {
  writeFileSync(join(folder, "ca.pem"), "CA FILE");
  writeFileSync(
    path,
    `
current-context: kind
contexts:
- { name: kind, context: { cluster: kind, user: cert, namespace: books } }
- { name: token, context: { cluster: files, user: token } }
- { name: plugin, context: { cluster: files, user: plugin } }
- { name: lost, context: { cluster: nowhere, user: token } }
clusters:
- { name: kind, cluster: { server: "https://127.0.0.1:6443/", certificate-authority-data: "${base64("CA")}" } }
- { name: files, cluster: { server: "https://cluster", certificate-authority: ca.pem } }
users:
- { name: cert, user: { client-certificate-data: "${base64("CERT")}", client-key-data: "${base64("KEY")}" } }
- { name: token, user: { token: secret } }
- { name: plugin, user: { exec: { command: aws } } }
`,
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

describe("loadKubeConfig", () => {
  it("reads embedded certificates, as kind and kubeadm write them", () => {
    expect(loadKubeConfig(path)).toEqual({
      server: "https://127.0.0.1:6443",
      certificateAuthority: "CA",
      credentials: { clientCertificate: "CERT", clientKey: "KEY" },
      namespace: "books",
    });
  });

  it("finds files beside itself", () => {
    expect(loadKubeConfig(path, "token")).toEqual({
      server: "https://cluster",
      certificateAuthority: "CA FILE",
      credentials: { token: "secret" },
    });
  });

  it.each([
    { context: "plugin", problem: "asks a credential plugin" },
    { context: "lost", problem: 'has no cluster "nowhere"' },
    { context: "other", problem: 'has no context "other"' },
  ])("says what is wrong with context $context", ({ context, problem }) => {
    expect(() => loadKubeConfig(path, context)).toThrow(problem);
  });

  it("says that there is no such file", () => {
    expect(() => loadKubeConfig(join(folder, "nope"))).toThrow("The kubeconfig cannot be read");
  });
});

describe("inClusterConfig", () => {
  it("says that this is no pod", () => {
    expect(() => inClusterConfig({})).toThrow("this is not a pod");
  });

  it("names the file that is not mounted", () => {
    const env = {
      KUBERNETES_SERVICE_HOST: "::1",
      KUBERNETES_SERVICE_PORT: "443",
      CONTAINER_SANDBOX_MOUNT_POINT: folder,
    };
    expect(() => inClusterConfig(env)).toThrow(
      `${folder}/var/run/secrets/kubernetes.io/serviceaccount/ca.crt`,
    );
  });
});
