import type { CredentialName } from "@bookmesh/gateways";
import { credentialOf } from "./credential.ts";
import { messageOf } from "@bookmesh/kernel";
import { RESOURCES, type Secret } from "@bookmesh/kube-api";
import { followResource } from "@bookmesh/kube-client";
import type { Credential } from "@bookmesh/translate";
import type { FollowPorts } from "./follow-mesh.ts";
import { pruneSecret } from "./prune.ts";

/** What the Secrets hold that gateways need. */
export interface FollowedCredentials {
  /**
   * Follows these Secrets from now on, each by a watch of its own, and no others. Resolves when each has been read
   * once, or could not be.
   */
  follow(names: readonly CredentialName[]): Promise<void>;
  /** The same array until something changes. */
  list(): readonly Credential[];
}

interface Followed {
  credential: Credential;
  readonly read: Promise<void>;
  readonly stop: AbortController;
}

/** Follows nothing yet; calls `onChange` after each change of something that is followed. */
export function followCredentials(ports: FollowPorts, onChange: () => void): FollowedCredentials {
  const followed = new Map<string, Followed>();
  let listed: readonly Credential[] | undefined;
  const changed = () => {
    listed = undefined;
    onChange();
  };
  return {
    async follow(names) {
      const wanted = new Map(names.map((name) => [`${name.namespace}/${name.name}`, name]));
      for (const [key, { stop }] of followed) {
        if (wanted.has(key)) continue;
        stop.abort(new Error("No Gateway names the Secret any more."));
        followed.delete(key);
        listed = undefined;
      }
      for (const [key, name] of wanted)
        if (!followed.has(key)) followed.set(key, followOne(name, ports, changed));
      await Promise.all([...followed.values()].map(({ read }) => read));
    },
    list: () => (listed ??= [...followed.values()].map(({ credential }) => credential)),
  };
}

function followOne(name: CredentialName, ports: FollowPorts, onChange: () => void): Followed {
  const { client, clock, random, log } = ports;
  const stop = new AbortController();
  const { promise: read, resolve } = Promise.withResolvers<undefined>();
  const followed: Followed = { credential: { ...name, problem: "has not been read yet" }, read, stop };
  const become = (credential: Credential) => {
    const before = JSON.stringify(followed.credential);
    followed.credential = credential;
    resolve(undefined);
    if (JSON.stringify(credential) !== before) onChange();
  };
  void followResource<Secret>(client, RESOURCES.secrets, {
    namespace: name.namespace,
    fieldSelector: `metadata.name=${name.name}`,
    signal: AbortSignal.any([ports.signal, stop.signal]),
    ...{ clock, random, transform: pruneSecret },
    onEvent(event) {
      const isGone = event.kind === "deleted";
      const [secret] = event.kind === "replaced" ? event.objects : [event.object];
      become(credentialOf(name, isGone ? undefined : secret));
    },
    onProblem(error, failuresBefore) {
      const level = failuresBefore === 0 ? "warn" : "debug";
      log[level]({ reason: messageOf(error), ...name }, "A Secret that a Gateway names cannot be read.");
      // What is known of it stays.
      if ("problem" in followed.credential)
        become({ ...name, problem: `cannot be read: ${messageOf(error)}` });
    },
  });
  return followed;
}
