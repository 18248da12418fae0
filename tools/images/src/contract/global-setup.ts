import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "@bookmesh/testkit";
import { findEngine } from "../engine.ts";

/** Lets the tests speak to the engine: docker's own socket, or podman's for as long as the tests run. */
export default async function setup(): Promise<() => Promise<void>> {
  // It removes what tests leave behind, by an image that a registry would have to give.
  process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
  const engine = findEngine();
  if (engine === undefined)
    process.stdout.write("Neither docker nor podman answers: the tests of the images are left out.\n");
  process.env["IMAGES_ENGINE"] = engine ?? "none";
  if (engine !== "podman" || process.env["DOCKER_HOST"] !== undefined) return () => Promise.resolve();

  const folder = mkdtempSync(join(tmpdir(), "podman-"));
  const socket = join(folder, "podman.sock");
  const service = spawn("podman", ["system", "service", "--time=0", `unix://${socket}`], { stdio: "ignore" });
  await eventually(() => {
    if (!existsSync(socket)) throw new Error("podman has not opened its socket yet.");
  });
  process.env["DOCKER_HOST"] = `unix://${socket}`;
  return async () => {
    await end(service);
    rmSync(folder, { recursive: true });
  };
}

async function end(service: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => service.once("exit", resolve));
  service.kill();
  await ended;
}
