import type { App } from "./apps.ts";

/** The steps of a pipeline, in their order. */
export const STEP_NAMES = ["affected", "build", "test", "image", "scan", "e2e", "chart", "release"] as const;

export type StepName = (typeof STEP_NAMES)[number];

/** A program and its arguments. */
export type Command = readonly [string, ...string[]];

/** One step of a pipeline. */
export interface Step {
  readonly name: StepName;
  /** What it does, as a sentence's end. */
  readonly title: string;
  /** What it runs; nothing where the app has no such step. */
  commands(app: App, project: Project): readonly Command[];
}

/** What a step's commands depend on besides the app. */
export interface Project {
  /** The folders of the app and of every package that it is made of. */
  readonly folders: readonly string[];
  /** The registry and folder that images are released to. */
  readonly hub: string;
}

const NPM = ["npm", "run", "-s"] as const;

/** What a pipeline does, on a developer's machine and in CI. */
export const STEPS: readonly Step[] = [
  {
    name: "affected",
    title: "ask whether the app, or what it is made of, changed",
    commands: () => [["nx", "show", "projects", "--affected", "--json"]],
  },
  {
    name: "build",
    title: "check types and bundle",
    commands: ({ name }) => [
      [...NPM, "check", "--", "types"],
      [...NPM, "bundle", "--", name],
    ],
  },
  {
    name: "test",
    title: "run the tests of the app and of what it is made of",
    commands: (_app, { folders }) => [["vitest", "run", ...folders.map((folder) => `${folder}/`)]],
  },
  {
    name: "image",
    title: "build the image and try what it promises",
    commands: ({ name, hasImage }) =>
      hasImage
        ? [
            [...NPM, "images", "--", name],
            [...NPM, "test:images", "--", "-t", name],
          ]
        : [],
  },
  {
    name: "scan",
    title: "look the dependencies up among the known vulnerabilities",
    commands: () => [["node", "tools/pipeline/src/scan.ts"]],
  },
  {
    name: "e2e",
    title: "run the stories, on kind where the app runs as an image",
    commands: ({ hasImage }) =>
      hasImage
        ? [
            // A cluster on which a story failed stays, to be looked at.
            [...NPM, "kind:up"],
            [...NPM, "kind:e2e"],
            [...NPM, "kind:down"],
          ]
        : [[...NPM, "e2e"]],
  },
  {
    name: "chart",
    title: "check the chart",
    commands: ({ isInChart }) =>
      isInChart
        ? [
            [...NPM, "check", "--", "generated"],
            ["helm", "lint", "--strict", "deploy/charts/bookmesh"],
          ]
        : [],
  },
  {
    name: "release",
    title: "push the image, alone",
    commands: ({ name, hasImage }, { hub }) =>
      hasImage ? [[...NPM, "images", "--", name, "--hub", hub, "--push"]] : [],
  },
];

/** The steps to run: from one on, or one alone. A release is made only by its name. */
export function stepsFrom(from: StepName | undefined, only: StepName | undefined): readonly Step[] {
  if (only !== undefined) return STEPS.filter(({ name }) => name === only);
  const first = STEPS.findIndex(({ name }) => name === (from ?? STEP_NAMES[0]));
  return STEPS.slice(first).filter(({ name }) => name !== "release" || from === "release");
}
