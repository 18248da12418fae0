import { describe, expect, it } from "vitest";
import { RESOURCES, type KubeList, type KubeObject, type WatchEvent } from "@bookmesh/kube-api";
import { followResource, type FollowEvent } from "./follow-resource.ts";
import { KubeError, type KubeClient } from "./kube-client.ts";

/** What the server does at each list and watch, in order; afterwards the follower is stopped. */
type Script = readonly (KubeList | readonly WatchEvent[] | Error)[];

function object(name: string, resourceVersion: string): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, resourceVersion } };
}

function list(resourceVersion: string, ...names: readonly string[]): KubeList {
  const items = names.map((name) => object(name, resourceVersion));
  return { apiVersion: "v1", kind: "PodList", metadata: { resourceVersion }, items };
}

function gone(): KubeError {
  return new KubeError({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", code: 410 });
}

async function follow(script: Script): Promise<{ events: readonly string[]; calls: readonly string[] }> {
  const steps = [...script];
  const calls: string[] = [];
  const events: string[] = [];
  const stop = new AbortController();
  const next = (call: string) => {
    calls.push(call);
    const step = steps.shift();
    if (steps.length === 0) stop.abort();
    if (step instanceof Error) throw step;
    return step;
  };
  const client = {
    list: () => Promise.resolve().then(() => next("list")),
    // eslint-disable-next-line @typescript-eslint/require-await -- a watch is asynchronous by its contract
    async *watch(_resource: unknown, { resourceVersion }: { resourceVersion: string }) {
      yield* (next(`watch ${resourceVersion}`) ?? []) as readonly WatchEvent[];
    },
  } as unknown as KubeClient;
  await followResource(client, RESOURCES.pods, {
    signal: stop.signal,
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    random: () => 0,
    onEvent: (event) => events.push(describeEvent(event)),
  });
  return { events, calls };
}

function describeEvent(event: FollowEvent<KubeObject>): string {
  const names = event.kind === "replaced" ? event.objects : [event.object];
  return `${event.kind} ${names.map(({ metadata }) => metadata.name).join(",")}`;
}

describe("followResource", () => {
  it("lists, then watches from there, and goes on where a watch ended", async () => {
    const { events, calls } = await follow([
      list("5", "a"),
      [{ type: "ADDED", object: object("b", "6") }],
      [{ type: "DELETED", object: object("a", "7") }],
    ]);
    expect(calls).toEqual(["list", "watch 5", "watch 6"]);
    expect(events).toEqual(["replaced a", "stored b", "deleted a"]);
  });

  it("moves on with bookmarks", async () => {
    const { calls, events } = await follow([list("5"), [{ type: "BOOKMARK", object: object("", "90") }], []]);
    expect(calls).toEqual(["list", "watch 5", "watch 90"]);
    expect(events).toEqual(["replaced "]);
  });

  it.each([
    { name: "at the opening of a watch", step: gone() },
    {
      name: "inside of a watch",
      step: [{ type: "ERROR", object: { ...object("", "1"), code: 410 } }] as const,
    },
  ])("lists again when its version is forgotten $name", async ({ step }) => {
    const { calls, events } = await follow([list("5", "a"), step, list("9", "b"), []]);
    expect(calls).toEqual(["list", "watch 5", "list", "watch 9"]);
    expect(events).toEqual(["replaced a", "replaced b"]);
  });

  it("tries again from the last version after any other failure", async () => {
    const { calls } = await follow([new Error("down"), list("5"), new Error("cut"), []]);
    expect(calls).toEqual(["list", "list", "watch 5", "watch 5"]);
  });
});
