import type { Pod } from "@bookmesh/kube-api";
import type { Behaviour, Reaction, SimulatedProxy } from "@bookmesh/simulation";
import { UsageError } from "../failures.ts";

const WELL: Reaction = { kind: "answer", status: 200, afterMs: 1 };

/**
 * What hosts do: they answer 200 after a millisecond, unless one of `answers` says otherwise of their pod: `POD=503`,
 * `POD=200/2000` (after two seconds), `POD=refused`. A pod is named as a whole, or by how its name begins.
 */
export function behaviourOf(answers: readonly string[], { pods }: SimulatedProxy["world"]): Behaviour {
  const rules = answers.map(readAnswer);
  for (const { pod } of rules) {
    if (!pods.some(({ metadata }) => isMeant(pod, metadata.name)))
      throw new UsageError(`No pod is called "${pod}", nor does any pod's name begin so.`);
  }
  const byAddress = new Map(
    pods.flatMap(({ metadata, status }: Pod) => {
      const rule = rules.find(({ pod }) => isMeant(pod, metadata.name));
      return status?.podIP === undefined || rule === undefined
        ? []
        : [[status.podIP, rule.reaction] as const];
    }),
  );
  return ({ address }) => byAddress.get(address) ?? WELL;
}

function isMeant(pod: string, name: string): boolean {
  return name === pod || name.startsWith(`${pod}-`);
}

function readAnswer(text: string): { readonly pod: string; readonly reaction: Reaction } {
  const [, pod, refused, status, afterMs] =
    /^([^=]+)=(?:(refused)|(\d{3})(?:\/(\d{1,9}))?)$/.exec(text) ?? [];
  if (pod === undefined)
    throw new UsageError(`"${text}" is no answer such as rating-v2=503, =200/2000 or =refused.`);
  if (refused !== undefined) return { pod, reaction: { kind: "refused" } };
  return { pod, reaction: { kind: "answer", status: Number(status), afterMs: Number(afterMs ?? WELL_MS) } };
}

const WELL_MS = 1;
