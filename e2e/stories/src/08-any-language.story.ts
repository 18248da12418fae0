import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { eventually, hasProgram } from "@bookmesh/testkit";
import { goProgram } from "./harness/go-program.ts";
import {
  articleDeployed,
  ask,
  control,
  hasPodNetworks,
  podsReady,
  TARGET,
  tryControl,
} from "./harness/mesh.ts";

const MANIFEST = readFileSync(join(import.meta.dirname, "manifests/foreign.yml"), "utf8");
const PORT = 31_080;

/** A program that knows nothing of the mesh and is not ours. */
interface Foreign {
  readonly name: string;
  /** What it needs on the laptop's path. */
  readonly program: string;
  /** Its image on other targets; "" where none is named. */
  readonly image: string;
  /** `address` is where to listen; "" is the wildcard. */
  readonly command: (address: string) => readonly string[];
  readonly path: string;
  readonly says: string;
}

const { E2E_PYTHON_IMAGE, E2E_BUSYBOX_IMAGE, E2E_GO_IMAGE } = process.env;

const FOREIGN: readonly Foreign[] = [
  {
    name: "Python's http.server",
    program: "python3",
    image: E2E_PYTHON_IMAGE ?? "python:3-slim",
    command: (address) => ["python3", "-m", "http.server", "8000", ...(address ? ["--bind", address] : [])],
    path: "/",
    says: "Directory listing",
  },
  {
    name: "busybox httpd",
    program: "busybox",
    image: E2E_BUSYBOX_IMAGE ?? "busybox:1",
    command: (address) => [
      "busybox",
      "httpd",
      "-f",
      "-h",
      "/etc",
      "-p",
      address ? `${address}:8000` : "8000",
    ],
    path: "/hosts",
    says: "localhost",
  },
  {
    name: "a Go binary",
    program: "go",
    image: E2E_GO_IMAGE ?? "",
    command: (address) => [
      TARGET === "laptop" ? goProgram(join(import.meta.dirname, "programs"), "hello.go") : "/hello",
      `${address}:8000`,
    ],
    path: "/",
    says: "hello from Go",
  },
];

describe("Invocation in any language", () => {
  let address = "";

  beforeAll(async () => {
    await articleDeployed();
    address = (await hasPodNetworks()) ? "" : "$(APPLICATION_ADDRESS)";
  });

  it.for(FOREIGN)("lets $name join the mesh unchanged [A3]", async (foreign, { skip }) => {
    if (TARGET === "laptop" && !hasProgram(foreign.program))
      skip(`There is no ${foreign.program} on the path.`);
    if (TARGET !== "laptop" && foreign.image === "")
      skip("No image is named: E2E_GO_IMAGE, with /hello in it, made of e2e/stories/src/programs.");
    const takesPlace = foreign.command("address").some((word) => word.startsWith("address:"));
    if (process.env["BOOKMESH_POD_NETWORK"] === "mapped" && !takesPlace)
      skip("Mapped ports reach a program by `address:port`, and it takes them as two words.");
    const command = JSON.stringify(foreign.command(address));
    const manifest = MANIFEST.replace("IMAGE", foreign.image || "go").replace("COMMAND", command);
    const applied = await tryControl(["apply", "-n", "default", "-f", "-"], manifest);
    expect(applied).toMatchObject({ code: 0 });
    await podsReady("app=foreign", 1);
    await eventually(async () => {
      const { status, body } = await ask(foreign.path, PORT);
      expect([status, body]).toEqual([200, expect.stringContaining(foreign.says)]);
    });
    await control("delete", "service/foreign", "deployment/foreign", "-n", "default");
    await podsReady("app=foreign", 0);
  });
});
