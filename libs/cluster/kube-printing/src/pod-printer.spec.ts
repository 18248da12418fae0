import { describe, expect, it } from "vitest";
import { POD_PRINTER } from "./pod-printer.ts";

const NOW_MS = Date.parse("2026-01-01T00:10:00Z");

const running = { name: "app", ready: true, restartCount: 0, state: { running: {} } };
const waiting = (reason: string) => ({
  name: "app",
  ready: false,
  restartCount: 0,
  state: { waiting: { reason } },
});
const ended = (terminated: object) => ({ name: "app", ready: false, restartCount: 0, state: { terminated } });

function cellsOf(status: object, { spec = {}, metadata = {} } = {}): readonly unknown[] {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "rating", creationTimestamp: "2026-01-01T00:00:00Z", ...metadata },
    spec: { containers: [{ name: "app" }], ...spec },
    status: { phase: "Running", ...status },
  };
  return POD_PRINTER.cells(pod, NOW_MS);
}

describe("POD_PRINTER", () => {
  it.each([
    { name: "Running", status: { containerStatuses: [running] }, shown: "Running" },
    { name: "Pending without statuses", status: { phase: "Pending" }, shown: "Pending" },
    {
      name: "a crash loop",
      status: { containerStatuses: [waiting("CrashLoopBackOff")] },
      shown: "CrashLoopBackOff",
    },
    {
      name: "an image that is missing",
      status: { containerStatuses: [waiting("ErrImagePull")] },
      shown: "ErrImagePull",
    },
    {
      name: "the end",
      status: { phase: "Succeeded", containerStatuses: [ended({ reason: "Completed" })] },
      shown: "Completed",
    },
    { name: "an exit code", status: { containerStatuses: [ended({ exitCode: 3 })] }, shown: "ExitCode:3" },
    { name: "a signal", status: { containerStatuses: [ended({ signal: 9 })] }, shown: "Signal:9" },
    {
      name: "the first of two containers that waits",
      status: { containerStatuses: [waiting("CrashLoopBackOff"), waiting("ErrImagePull")] },
      shown: "CrashLoopBackOff",
    },
    {
      name: "one that runs beside one that has completed",
      status: {
        containerStatuses: [ended({ reason: "Completed" }), running],
        conditions: [{ type: "Ready", status: "True" }],
      },
      shown: "Running",
    },
    { name: "an eviction", status: { phase: "Failed", reason: "Evicted" }, shown: "Evicted" },
  ])("tells $name", ({ status, shown }) => {
    expect(cellsOf(status)[2]).toBe(shown);
  });

  it.each([
    { name: "counts init containers", state: { waiting: { reason: "PodInitializing" } }, shown: "Init:0/2" },
    {
      name: "tells why an init container waits",
      state: { waiting: { reason: "ErrImagePull" } },
      shown: "Init:ErrImagePull",
    },
    {
      name: "tells how an init container failed",
      state: { terminated: { exitCode: 2 } },
      shown: "Init:ExitCode:2",
    },
  ])("$name", ({ state, shown }) => {
    const spec = { initContainers: [{ name: "one" }, { name: "two" }] };
    expect(cellsOf({ phase: "Pending", initContainerStatuses: [{ name: "one", state }] }, { spec })[2]).toBe(
      shown,
    );
  });

  it("counts a sidecar among the containers", () => {
    const spec = { initContainers: [{ name: "istio-proxy", restartPolicy: "Always" }] };
    const sidecar = {
      name: "istio-proxy",
      started: true,
      ready: true,
      restartCount: 0,
      state: { running: {} },
    };
    const cells = cellsOf({ initContainerStatuses: [sidecar], containerStatuses: [running] }, { spec });
    expect(cells.slice(1, 3)).toEqual(["2/2", "Running"]);
  });

  it("shows a pod that is being deleted as Terminating", () => {
    const metadata = { deletionTimestamp: "2026-01-01T00:09:00Z" };
    expect(cellsOf({ containerStatuses: [running] }, { metadata })[2]).toBe("Terminating");
  });

  it("tells when the last restart was", () => {
    const restarted = {
      ...running,
      restartCount: 2,
      lastState: { terminated: { finishedAt: "2026-01-01T00:09:30Z" } },
    };
    expect(cellsOf({ containerStatuses: [restarted] })[3]).toBe("2 (30s ago)");
  });
});
