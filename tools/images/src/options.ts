import { parseArgs } from "node:util";
import { err, ok, type Result } from "@bookmesh/kernel";
import type { BaseRoots } from "./base.ts";
import { IMAGES, type Image } from "./images.ts";
import { LOAD_TARGETS, type LoadTarget } from "./load.ts";

/** What `npm run images` is asked for. */
export interface Options {
  readonly images: readonly Image[];
  readonly hub: string;
  readonly all: boolean;
  readonly stageOnly: boolean;
  readonly writeDockerfiles: boolean;
  readonly load?: LoadTarget;
  /** Whether the engine sends them to their registry. */
  readonly push: boolean;
  /** Who builds: `own` where a base lies on this machine, an engine otherwise. */
  readonly builder: "own" | "engine";
  readonly roots?: BaseRoots;
  readonly baseImage?: string;
}

export const USAGE = `Usage: npm run images -- [IMAGE or APP …] [option …]

Builds Bookmesh's images with docker or podman, or without either. Builds all of them where none is named.

  --load cluster|kind   puts them into a cluster: containerd's at CONTAINERD_ADDRESS, or kind's named KIND_CLUSTER_NAME
  --push                sends them to their registry; only an engine can
  --builder own|engine  who builds; own needs a base on this machine, and is the default where one is given
  --base ROOT           a root directory with Node 24, or a tar of one (BOOKMESH_BASE_ROOT)
  --init-base ROOT      one with iptables, on top of it, for istio-init (BOOKMESH_INIT_BASE_ROOT)
  --base-image IMAGE    what an engine starts from (BOOKMESH_BASE_IMAGE; node:24-slim)
  --hub HUB             the registry and folder of their names (bookmesh)
  --all                 also those that nothing changed in
  --stage               only puts their files together, in dist/images
  --write-dockerfiles   only writes deploy/images anew
`;

/** Reads the command line; the environment stands in for bases that it does not name. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Result<Options, string> {
  const parsed = parse(args);
  if (!parsed.ok) return parsed;
  const { values, positionals } = parsed.value;
  const unknown = positionals.find((word) => imagesOf(word).length === 0);
  if (unknown !== undefined)
    return err(`There is no image ${unknown}; there are: ${IMAGES.map(({ id }) => id).join(", ")}.`);
  const load = LOAD_TARGETS.find((target) => target === values.load);
  if (values.load !== undefined && load === undefined)
    return err(`Images cannot be loaded into ${values.load}, only into: ${LOAD_TARGETS.join(", ")}.`);
  const { builder } = values;
  if (builder !== undefined && builder !== "own" && builder !== "engine")
    return err(`There is no builder ${builder}; there are: own, engine.`);
  if (values.push && builder === "own")
    return err("Only an engine can push images: leave --builder own out.");
  const node = values.base ?? env["BOOKMESH_BASE_ROOT"];
  const init = values["init-base"] ?? env["BOOKMESH_INIT_BASE_ROOT"];
  const baseImage = values["base-image"] ?? env["BOOKMESH_BASE_IMAGE"];
  return ok({
    images: positionals.length === 0 ? IMAGES : [...new Set(positionals.flatMap(imagesOf))],
    hub: values.hub,
    all: values.all,
    stageOnly: values.stage,
    writeDockerfiles: values["write-dockerfiles"],
    ...(load !== undefined && { load }),
    push: values.push,
    builder: builder ?? (node === undefined || values.push ? "engine" : "own"),
    ...(node !== undefined && { roots: { node, ...(init !== undefined && { init }) } }),
    ...(baseImage !== undefined && { baseImage }),
  });
}

function imagesOf(word: string): readonly Image[] {
  return IMAGES.filter(({ id, app }) => id === word || app === word);
}

const FLAG = { type: "boolean", default: false } as const;
const TEXT = { type: "string" } as const;

function parse(args: readonly string[]) {
  try {
    return ok(
      parseArgs({
        args: [...args],
        allowPositionals: true,
        options: {
          load: TEXT,
          builder: TEXT,
          base: TEXT,
          "init-base": TEXT,
          "base-image": TEXT,
          hub: { type: "string", default: "bookmesh" },
          all: FLAG,
          push: FLAG,
          stage: FLAG,
          "write-dockerfiles": FLAG,
        },
      }),
    );
  } catch (error) {
    return err(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
