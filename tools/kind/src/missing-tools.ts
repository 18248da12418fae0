import { spawnSync } from "node:child_process";

/** A program without which there is no kind cluster, and how to get it. */
interface Tool {
  readonly works: () => boolean;
  readonly advice: string;
}

/** Sentences on what is missing for a kind cluster; none where everything is there. */
export function missingTools(provider: string | undefined): readonly string[] {
  const engines = provider === undefined ? ["docker", "podman"] : [provider];
  const tools: readonly Tool[] = [
    {
      works: () => succeeds("kind", ["version"]),
      advice:
        "There is no kind on the path: `brew install kind`, `go install sigs.k8s.io/kind@latest`, or a binary from https://kind.sigs.k8s.io.",
    },
    {
      works: () => engines.some((engine) => succeeds(engine, ["info"])),
      advice: `kind needs a container engine, and ${engines.join(" or ")} does not answer: start it, or install Docker (https://docs.docker.com/get-docker) or podman (https://podman.io; with KIND_EXPERIMENTAL_PROVIDER=podman).`,
    },
    {
      works: () => succeeds("kubectl", ["version", "--client"]),
      advice:
        "There is no kubectl on the path: `brew install kubectl`, or a binary from https://kubernetes.io/docs/tasks/tools.",
    },
  ];
  return tools.filter(({ works }) => !works()).map(({ advice }) => advice);
}

function succeeds(program: string, words: readonly string[]): boolean {
  return spawnSync(program, words, { stdio: "ignore" }).status === 0;
}
