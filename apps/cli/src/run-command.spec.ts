import { describe, expect, it } from "vitest";
import { keptConsole, type Printed } from "./console-fixture.ts";
import { runCommand } from "./run-command.ts";

async function run(...words: readonly string[]): Promise<Printed & { exitCode: number }> {
  const { io, printed } = keptConsole({ env: { KUBECONFIG: "/nowhere/kubeconfig" } });
  const exitCode = await runCommand(words, io);
  return { exitCode, ...(await printed()) };
}

describe("bookmesh", () => {
  it.each([
    { name: "an unknown command, with what was meant", words: ["gett"], problem: "Did you mean get?" },
    { name: "a missing argument", words: ["get"], problem: "missing required argument 'type'" },
    { name: "an unknown option", words: ["get", "pods", "--huge"], problem: "unknown option '--huge'" },
    { name: "an unknown format", words: ["get", "pods", "-o", "xml"], problem: "Allowed choices are" },
    {
      name: "a negative count",
      words: ["scale", "deploy", "a", "--replicas", "-1"],
      problem: "It must be a whole number of at least 0.",
    },
    { name: "an exec without a command", words: ["exec", "pod"], problem: "error: Say where and what" },
  ])("refuses $name with exit code 2", async ({ words, problem }) => {
    const { exitCode, err } = await run(...words);
    expect(exitCode).toBe(2);
    expect(err).toContain(problem);
  });

  it("says in a sentence, with exit code 1, that there is no cluster", async () => {
    expect(await run("get", "pods")).toEqual({
      exitCode: 1,
      out: "",
      err: "error: The kubeconfig cannot be read: /nowhere/kubeconfig.\n",
    });
  });

  it("prints what an installation consists of without asking a cluster", async () => {
    const { exitCode, out } = await run("manifest", "generate", "--set", "profile=demo");
    expect(exitCode).toBe(0);
    expect(out).toContain("name: istiod-clusterrole-istio-system\n");
    expect(out.match(/^---$/gm)).toHaveLength(27);
  });

  it("names the nearest setting to whoever asks for another", async () => {
    expect(await run("manifest", "generate", "--set", "values.pilot.replicas=3")).toMatchObject({
      exitCode: 1,
      err: "error: These settings cannot be used: values.pilot.replicas: is not a setting; the nearest is values.pilot.replicaCount.\n",
    });
  });

  it.each([
    ["up"],
    ["down"],
    ["status"],
    ["install"],
    ["upgrade"],
    ["uninstall"],
    ["manifest", "generate"],
    ["verify-install"],
    ["x", "precheck"],
    ["apply"],
    ["delete"],
    ["get"],
    ["label"],
    ["scale"],
    ["rollout"],
    ["rollout", "status"],
    ["rollout", "restart"],
    ["describe"],
    ["version"],
    ["logs"],
    ["exec"],
    ["proxy-status"],
    ["proxy-config"],
    ["proxy-config", "routes"],
    ["kube-inject"],
    ["analyze"],
    ["simulate"],
  ])("shows an example in the help of %s %s", async (...words) => {
    const { exitCode, out } = await run(...words.filter((word) => typeof word === "string"), "--help");
    expect(exitCode).toBe(0);
    expect(out).toContain(`Example:\n  bookmesh ${words.join(" ")}`);
  });
});
