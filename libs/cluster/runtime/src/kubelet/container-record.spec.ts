import { describe, expect, it } from "vitest";
import {
  containerStatus,
  newRecord,
  nextRecord,
  recoveredRecord,
  type ContainerEvent,
} from "./container-record.ts";

const fresh = newRecord({ name: "web", image: "web:1", role: "main" }, "ContainerCreating");
const running: ContainerEvent = { type: "running", atMs: 0, containerId: "bookmesh://1" };
const ended: ContainerEvent = { type: "ended", atMs: 1000, exitCode: 3 };
const after = (...events: readonly ContainerEvent[]) => containerStatus(events.reduce(nextRecord, fresh));

describe("nextRecord", () => {
  it.each([
    {
      name: "waits at first",
      events: [],
      status: { ready: false, state: { waiting: { reason: "ContainerCreating" } } },
    },
    {
      name: "runs",
      events: [running],
      status: { restartCount: 0, state: { running: { startedAt: "1970-01-01T00:00:00Z" } } },
    },
    {
      name: "is started, then ready",
      events: [running, { type: "startedUp" }, { type: "readiness", ready: true }] as const,
      status: { started: true, ready: true },
    },
    {
      name: "says how it ended",
      events: [running, ended],
      status: { ready: false, state: { terminated: { exitCode: 3, reason: "Error" } } },
    },
    {
      name: "keeps the last end while it waits for the next start",
      events: [running, ended, { type: "waiting", reason: "CrashLoopBackOff" }] as const,
      status: {
        state: { waiting: { reason: "CrashLoopBackOff" } },
        lastState: { terminated: { exitCode: 3 } },
      },
    },
    {
      name: "counts restarts",
      events: [running, ended, { ...running, containerId: "bookmesh://2" }],
      status: {
        restartCount: 1,
        containerID: "bookmesh://2",
        lastState: { terminated: { containerID: "bookmesh://1" } },
      },
    },
    {
      name: "is never ready after its end, however late the probe answers",
      events: [running, ended, { type: "readiness", ready: true }] as const,
      status: { ready: false },
    },
  ])("$name", ({ events, status }) => {
    expect(after(...events)).toMatchObject(status);
  });
});

describe("recoveredRecord", () => {
  it("turns what ran into a last state and goes on counting", () => {
    const before = after(running, { type: "startedUp" });
    const record = nextRecord(recoveredRecord(fresh, before, 5000), {
      ...running,
      containerId: "bookmesh://2",
    });
    expect(containerStatus(record)).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 255, reason: "Unknown" } },
    });
  });

  it("keeps the end of a container that was over", () => {
    const record = recoveredRecord(fresh, after(running, { ...ended, exitCode: 0 }), 5000);
    expect(containerStatus(record).state).toMatchObject({ terminated: { reason: "Completed" } });
  });
});
