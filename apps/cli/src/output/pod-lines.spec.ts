import type { Pod } from "@bookmesh/kube-api";
import { describe, expect, it } from "vitest";
import { podLines } from "./pod-lines.ts";

const pod: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "rating-1", namespace: "default", labels: { app: "rating", version: "v1" } },
  spec: {
    nodeName: "bookmesh",
    containers: [
      { name: "rating", image: "bookmesh/rating-service:v1.0.0" },
      { name: "broken", image: "nowhere/broken:1" },
    ],
  },
  status: {
    phase: "Running",
    podIP: "127.16.0.3",
    containerStatuses: [
      {
        ...{ name: "rating", image: "", imageID: "", ready: true, restartCount: 1 },
        state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
        lastState: { terminated: { exitCode: 3, reason: "Error" } },
      },
      {
        ...{ name: "broken", image: "", imageID: "", ready: false, restartCount: 0 },
        state: { waiting: { reason: "ErrImagePull" } },
        lastState: {},
      },
    ],
  },
};

describe("podLines", () => {
  it("shows each container with its image and state", () => {
    expect(podLines(pod).join("\n")).toBe(
      `Name:             rating-1
Namespace:        default
Node:             bookmesh
Labels:           app=rating
                  version=v1
Status:           Running
IP:               127.16.0.3
Containers:
  rating:
    Image:          bookmesh/rating-service:v1.0.0
    State:          Running
      Started:      2026-01-01T00:00:00Z
    Last State:     Terminated
      Reason:       Error
      Exit Code:    3
    Ready:          True
    Restart Count:  1
  broken:
    Image:          nowhere/broken:1
    State:          Waiting
      Reason:       ErrImagePull
    Ready:          False
    Restart Count:  0`,
    );
  });
});
