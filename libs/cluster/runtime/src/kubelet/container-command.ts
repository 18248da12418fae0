import { err, ok, type Result } from "@bookmesh/kernel";
import { fillTemplate, findImage, imageTag, type ImageMap } from "@bookmesh/processes";
import type { Container } from "@bookmesh/kube-api";
import type { PodLink } from "@bookmesh/pod-network";
import { expandVariables } from "./environment.ts";

/** What to run: the program, its arguments, and variables of the image that stand below the pod's own. */
export interface ContainerCommand {
  readonly argv: readonly [string, ...string[]];
  readonly imageEnvironment: Readonly<Record<string, string>>;
}

/** The port that `{port}` means where a container names none. */
const DEFAULT_PORT = 8080;

/**
 * The command of a container: its own `command`, else its image's from the image map; its `args` follow either.
 * The error is a sentence for whoever wrote the image name.
 */
export function containerCommand(
  container: Container,
  {
    imageMap,
    place,
    templateValues,
  }: {
    readonly imageMap: ImageMap;
    readonly place: PodLink["place"];
    readonly templateValues: Readonly<Record<string, string>>;
  },
): Result<ContainerCommand, string> {
  const image = container.image ?? "";
  const entry = findImage(imageMap, image);
  const { host, port } = place(container.ports?.[0]?.containerPort ?? DEFAULT_PORT);
  const values = {
    ...templateValues,
    address: host,
    port: String(port),
    tag: imageTag(image),
  };
  const fill = (template: string) => fillTemplate(template, values);
  const own = container.command ?? [];
  const [program, ...rest] = [
    ...(own.length > 0 ? own : (entry?.command ?? []).map(fill)),
    ...(container.args ?? []),
  ];
  if (program === undefined || (own.length === 0 && entry === undefined))
    return err(
      `no program is known for image "${image}": add it to image-map.yml in the cluster's home directory, or give the container a command`,
    );
  const imageEnvironment = Object.fromEntries(
    Object.entries(entry?.env ?? {}).map(([name, value]) => [name, fill(value)]),
  );
  return ok({ argv: [program, ...rest], imageEnvironment });
}

/** The same command with `$(NAME)` filled in. */
export function expandCommand(
  { argv: [program, ...rest] }: ContainerCommand,
  environment: Readonly<Record<string, string>>,
): readonly [string, ...string[]] {
  return [expandVariables(program, environment), ...rest.map((word) => expandVariables(word, environment))];
}
