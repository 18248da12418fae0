import { describe, expect, it } from "vitest";
import { RESOURCES, type KubeList, type KubeObject, type WatchEvent } from "@bookmesh/kube-api";
import { followResource, type FollowEvent } from "./follow-resource.ts";
import { KubeError, type KubeClient, type WatchOptions } from "./kube-client.ts";

/** What the server does at each list and watch, in order; afterwards the follower is stopped. */
type Script = readonly (KubeList | readonly WatchEvent[] | Error)[];

function object(name: string, resourceVersion: string): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, resourceVersion } };
}

function list(resourceVersion: string, ...names: readonly string[]): KubeList {
  const items = names.map((name) => object(name, resourceVersion));
  return { apiVersion: "v1", kind: "PodList", metadata: { resourceVersion }, items };
}

function refused(code: number): KubeError {
  return new KubeError({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", code });
}

function added(name: string, resourceVersion: string): WatchEvent {
  return { type: "ADDED", object: object(name, resourceVersion) };
}

function bookmark(resourceVersion: string, annotations?: Readonly<Record<string, string>>): WatchEvent {
  const { metadata, ...type } = object("", resourceVersion);
  return {
    type: "BOOKMARK",
    object: { ...type, metadata: { ...metadata, ...(annotations && { annotations }) } },
  };
}

/** What a watch-list sends when it has sent all there was. */
function end(resourceVersion: string): WatchEvent {
  return bookmark(resourceVersion, { "k8s.io/initial-events-end": "true" });
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
    async *watch(_resource: unknown, { resourceVersion }: WatchOptions) {
      const call = resourceVersion === undefined ? "watch-list" : `watch ${resourceVersion}`;
      yield* (next(call) ?? []) as readonly WatchEvent[];
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
  it("takes all there is as a stream, watches on in it, and goes on where it ended", async () => {
    const { events, calls } = await follow([
      [added("a", "3"), added("z", "4"), bookmark("4"), end("5"), added("b", "6")],
      [{ type: "DELETED", object: object("a", "7") }],
    ]);
    expect(calls).toEqual(["watch-list", "watch 6"]);
    expect(events).toEqual(["replaced a,z", "stored b", "deleted a"]);
  });

  it("tells nothing of a stream that broke before all was there", async () => {
    const { events, calls } = await follow([[added("a", "3")], [added("a", "3"), end("5")], []]);
    expect(calls).toEqual(["watch-list", "watch-list", "watch 5"]);
    expect(events).toEqual(["replaced a"]);
  });

  it("takes into account what changes while the stream begins", async () => {
    const deleted: WatchEvent = { type: "DELETED", object: object("a", "4") };
    const { events } = await follow([[added("a", "3"), added("b", "3"), deleted, end("5")], []]);
    expect(events).toEqual(["replaced b"]);
  });

  it.each([400, 422])(
    "lists where the server refuses a watch-list with %i, and does not ask again",
    async (code) => {
      const { events, calls } = await follow([
        refused(code),
        list("5", "a"),
        [added("b", "6")],
        refused(410),
        list("9", "b"),
        [],
      ]);
      expect(calls).toEqual(["watch-list", "list", "watch 5", "watch 6", "list", "watch 9"]);
      expect(events).toEqual(["replaced a", "stored b", "replaced b"]);
    },
  );

  it("moves on with bookmarks", async () => {
    const { calls, events } = await follow([[end("5")], [bookmark("90")], []]);
    expect(calls).toEqual(["watch-list", "watch 5", "watch 90"]);
    expect(events).toEqual(["replaced "]);
  });

  it.each([
    { name: "at the opening of a watch", step: refused(410) },
    {
      name: "inside of a watch",
      step: [{ type: "ERROR", object: { ...object("", "1"), code: 410 } }] as const,
    },
  ])("takes all again when its version is forgotten $name", async ({ step }) => {
    const { calls, events } = await follow([
      [added("a", "5"), end("5")],
      step,
      [added("b", "9"), end("9")],
      [],
    ]);
    expect(calls).toEqual(["watch-list", "watch 5", "watch-list", "watch 9"]);
    expect(events).toEqual(["replaced a", "replaced b"]);
  });

  it("tries again from the last version after any other failure, and keeps what it told", async () => {
    const { calls, events } = await follow([
      new Error("down"),
      [end("5")],
      new Error("cut"),
      refused(500),
      [],
    ]);
    expect(calls).toEqual(["watch-list", "watch-list", "watch 5", "watch 5", "watch 5"]);
    expect(events).toEqual(["replaced "]);
  });
});
