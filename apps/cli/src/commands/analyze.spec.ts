import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { keptConsole, type Printed } from "../console-fixture.ts";
import { runCommand } from "../run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "bookmesh-analyze-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: rating
spec:
  selector:
    app: rating
  ports:
  - name: http
    port: 8080
`;
const RULE = `# Sends everything to a service that is not there.
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: rating
spec:
  hosts:
  - rating
  http:
  - route:
    - destination:
        host: ratings
`;
const MISTYPED = RULE.replace("- route:", "- timeuot: 5s\n    route:");
const UNNAMED = SERVICE.replace("name: http", "name: web");

const rule = file("rule.yml", RULE);
const service = file("service.yaml", SERVICE);
file("nested/mistyped.yml", MISTYPED);
const unnamed = file("unnamed.yml", UNNAMED);
const broken = file("broken.yml", `${SERVICE}---\na: [\n---\nkind: Pod\n`);

function file(name: string, content: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

async function analyze(words: readonly string[], stdin = ""): Promise<Printed & { exitCode: number }> {
  const { io, printed } = keptConsole({ stdin });
  const exitCode = await runCommand(["analyze", "--use-kube=false", ...words], io);
  return { exitCode, ...(await printed()) };
}

const MISSING_HOST = `Error [IST0101] (VirtualService default/rating ${rule}:12) spec.http[0].route[0].destination.host: names ratings.default.svc.cluster.local, which is no service of the mesh: calls get 503\n`;

describe("bookmesh analyze", () => {
  it("names the file and line of the field, and exits with 79", async () => {
    expect(await analyze([service, rule])).toEqual({
      exitCode: 79,
      out: MISSING_HOST,
      err: `Error: Analyzers found issues when analyzing ${service}\n${rule}.\nSee docs/analysis.md for what each code means.\n`,
    });
  });

  it("says that nothing is wrong", async () => {
    expect(await analyze(["-f", service])).toEqual({
      exitCode: 0,
      out: "",
      err: `✔ No validation issues found when analyzing ${service}.\n`,
    });
  });

  it.each([
    { name: "in JSON", words: ["-o", "json", service, rule], exitCode: 79, says: '"reference": ' },
    { name: "in YAML", words: ["-o", "yaml", service, rule], exitCode: 79, says: "code: IST0101" },
    {
      name: "what is worth a word, without failing",
      words: [unnamed],
      exitCode: 0,
      says: `Info [IST0118] (Service default/rating ${unnamed}:9)`,
    },
    {
      name: "and fails earlier",
      words: ["--failure-threshold", "info", unnamed],
      exitCode: 79,
      says: "IST0118",
    },
    {
      name: "in the namespace that is named",
      words: ["-n", "shop", unnamed],
      exitCode: 0,
      says: "(Service shop/rating ",
    },
    { name: "folders", words: [folder, "--ignore-unknown"], exitCode: 79, says: "IST0101" },
    {
      name: "folders in folders",
      words: ["-R", folder],
      exitCode: 79,
      says: "mistyped.yml:10) spec.http[0].timeuot: is an unknown field",
    },
    { name: "its analyzers", words: ["-L"], exitCode: 0, says: "* virtualservice.DestinationHostAnalyzer:" },
  ])("tells $name", async ({ words, exitCode, says }) => {
    const told = await analyze(words);
    expect(told.exitCode).toBe(exitCode);
    expect(told.out).toContain(says);
  });

  it.each([
    { name: "below a level", words: ["--output-threshold", "Warning", unnamed] },
    { name: "by its code and object", words: ["-S", "IST0118=Service rat*.default", unnamed] },
    {
      name: "by the object's own annotation",
      words: ["-"],
      stdin: UNNAMED.replace(
        "name: rating",
        "name: rating\n  annotations: { galley.istio.io/analyze-suppress: IST0118 }",
      ),
    },
  ])("keeps quiet $name", async ({ words, stdin }) => {
    expect(await analyze(words, stdin)).toMatchObject({ exitCode: 0, out: "" });
  });

  it("names documents that cannot be read, and analyzes the others", async () => {
    const { exitCode, out, err } = await analyze([broken]);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(err).toMatch(new RegExp(`Error reading a file: ${broken}:1[23]: is not YAML: `));
    expect(err).toContain(
      `Error reading a file: ${broken}:14: is no object with apiVersion, kind and metadata.name`,
    );
    expect(err).toContain(`(but 2 documents could not be read).`);
  });

  it("says how files are analyzed without a cluster", async () => {
    const { exitCode, err } = await analyze(["--use-kube=true", rule]);
    expect(exitCode).toBe(1);
    expect(err).toContain("To look at files alone, add --use-kube=false.");
  });

  it.each([
    { name: "nothing to analyze", words: [], says: "Name files" },
    {
      name: "a file that is not there",
      words: ["nowhere.yml"],
      says: 'The path "nowhere.yml" does not exist.',
    },
    {
      name: "a level that does not exist",
      words: ["--failure-threshold", "fatal", rule],
      says: "It must be Info, Warning or Error.",
    },
    {
      name: "a suppression of nothing",
      words: ["-S", "IST0101", rule],
      says: '"IST0101" suppresses nothing',
    },
  ])("refuses $name", async ({ words, says }) => {
    const { exitCode, err } = await analyze(words);
    expect(exitCode).toBeGreaterThan(0);
    expect(err).toContain(says);
  });
});
