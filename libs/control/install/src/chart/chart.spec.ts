import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { meshObjects } from "../mesh-objects.ts";
import { installValues, type InstallValues } from "../values/install-values.ts";
import { chartValues } from "./chart-values.ts";

const CHART = join(import.meta.dirname, "../../../../../deploy/charts/bookmesh");
const HELM = process.env["HELM"] ?? "helm";

const CHOICES = [
  ["profile=demo"],
  ["profile=default"],
  ["profile=minimal"],
  ["hub=ghcr.io/mine", "tag=v9", "values.global.imagePullPolicy=Always"],
  ["values.pilot.replicaCount=5", "values.pilot.resources.requests.cpu=2", "profile=minimal"],
  ["values.global.networkPolicy.enabled=true", "values.global.serviceMonitor.enabled=true", "profile=demo"],
  ["meshConfig.trustDomain=books.example", "meshConfig.outboundTrafficPolicy.mode=REGISTRY_ONLY"],
  [
    "profile=demo",
    "values.sidecarInjectorWebhook.articleImages=false",
    "values.pilot.env.ENABLE_NATIVE_SIDECARS=true",
    "meshConfig.accessLogFile=",
    "meshConfig.defaultConfig.holdApplicationUntilProxyStarts=false",
  ],
];

const reason = whyNot();
if (reason !== undefined) process.stderr.write(`The chart is not compared with the manifest: ${reason}.\n`);

describe.skipIf(reason !== undefined)("the chart", () => {
  it.each(CHOICES.map((settings) => ({ settings })))(
    "renders what is installed with $settings",
    ({ settings }) => {
      const values = valuesOf(settings);
      const installed = meshObjects(values).filter(({ kind }) => kind !== "Namespace");
      expect(byName(template(JSON.stringify(chartValues(values))))).toEqual(byName(installed));
    },
  );

  it.each(["demo", "default", "minimal"])("brings profile %s as a file", (profile) => {
    const installed = meshObjects(valuesOf([`profile=${profile}`])).filter(
      ({ kind }) => kind !== "Namespace",
    );
    expect(byName(template("{}", "-f", join(CHART, `profiles/${profile}.yaml`)))).toEqual(byName(installed));
  });

  it("refuses a value that does not exist", () => {
    const { status, stderr } = spawnSync(HELM, ["template", CHART, "--set", "pilot.replicacount=3"], {
      encoding: "utf8",
    });
    expect(status).not.toBe(0);
    expect(stderr).toContain("replicacount");
  });

  it("passes helm's own lint", () => {
    expect(execFileSync(HELM, ["lint", "--strict", CHART], { encoding: "utf8" })).toContain(
      "0 chart(s) failed",
    );
  });
});

function whyNot(): string | undefined {
  const { error } = spawnSync(HELM, ["version"], { encoding: "utf8" });
  return error && `helm is neither on the path nor in $HELM (${error.message})`;
}

function valuesOf(settings: readonly string[]): InstallValues {
  const values = installValues(settings);
  if (!values.ok) throw new Error(JSON.stringify(values.error));
  return values.value;
}

function template(values: string, ...flags: readonly string[]): readonly Named[] {
  const command = [
    "template",
    "bookmesh",
    CHART,
    "-n",
    "istio-system",
    "--include-crds",
    ...flags,
    "-f",
    "-",
  ];
  const printed = execFileSync(HELM, command, { input: values, encoding: "utf8" });
  const documents = parseAllDocuments(printed, { version: "1.1" });
  return ("empty" in documents ? [] : documents).map((document) => document.toJS() as Named);
}

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

function byName(objects: readonly Named[]): readonly Named[] {
  const nameOf = ({ kind, metadata }: Named) => `${kind} ${metadata.name}`;
  return objects.toSorted((one, other) => nameOf(one).localeCompare(nameOf(other)));
}
