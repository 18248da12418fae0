import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Wait } from "testcontainers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageOf } from "../images.ts";
import { endContainer, runImage } from "./run-image.ts";

/** A Kubernetes that nobody answers for: what the mesh's programs do until it does. */
const AWAY = { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: "1" };

const PROGRAMS = [
  { id: "control-plane", command: ["discovery"], env: { ...AWAY, INSTANCE_IP: "127.0.0.1" } },
  {
    id: "sidecar-proxy",
    command: ["proxy", "sidecar"],
    env: { INSTANCE_IP: "127.0.0.1", POD_NAME: "pod", POD_NAMESPACE: "default" },
  },
];

describe.skipIf(process.env["IMAGES_ENGINE"] === "none")("images of the mesh", () => {
  const account = mkdtempSync(join(tmpdir(), "account-"));
  beforeAll(() => {
    chmodSync(account, 0o755); // for the image's user
    for (const file of ["token", "namespace", "ca.crt"]) writeFileSync(join(account, file), "default\n");
  });
  afterAll(() => rmSync(account, { recursive: true }));

  it.each(PROGRAMS)(
    "$id runs as a user of its own that can write nothing, logs JSON, and ends with 0",
    async (program) => {
      const container = await runImage(imageOf(program.id), {
        ...program,
        mounts: { "/var/run/secrets/kubernetes.io/serviceaccount": account },
        ready: Wait.forLogMessage(/"msg":/),
      });
      expect((await container.exec(["id", "-u"])).output.trim()).toBe("1337");
      expect((await container.exec(["touch", "/app/file"])).exitCode).not.toBe(0);
      expect((await container.exec([program.id, "request", "GET", "/ready"])).output).not.toBe("");

      const { exitCode, log } = await endContainer(container);
      expect(exitCode).toBe(0);
      for (const line of log.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("msg");
    },
  );

  it("istio-init prints the rules of a dry run, and ends", async () => {
    const container = await runImage(imageOf("istio-init"), {
      command: ["--dry-run"],
      env: {},
      ready: Wait.forOneShotStartup(),
    });
    const { exitCode, log } = await endContainer(container);
    expect(log).toContain("-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001");
    expect(exitCode).toBe(0);
  });
});
