import type { KubeObject } from "@bookmesh/kube-api";
import { builtInKinds } from "@bookmesh/kube-schema";
import { describe, expect, it } from "vitest";
import { serverSideApply, trackUpdate } from "./server-side-apply.ts";

const kind = builtInKinds().find((row) => row.kind === "Deployment") ?? expect.fail();
const by = (manager: string) => ({ manager, nowMs: 0 });

function deployment(spec: object, metadata: object = {}): KubeObject {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "rating", ...metadata }, spec };
}

function podWith(...containers: readonly object[]): object {
  return { template: { spec: { containers } } };
}

function apply(live: KubeObject | undefined, applied: KubeObject, manager = "kubectl"): KubeObject {
  const before = live === undefined ? {} : { live };
  const result = serverSideApply({ kind, ...before, applied, by: by(manager), force: false });
  return result.ok ? result.value : expect.fail(JSON.stringify(result.error));
}

describe("serverSideApply", () => {
  it("records what a manager applies, list entries by their keys", () => {
    const applied = deployment(podWith({ name: "app", ports: [{ containerPort: 80 }] }), {
      labels: { a: "b" },
    });
    expect(apply(undefined, applied).metadata.managedFields).toEqual([
      {
        manager: "kubectl",
        operation: "Apply",
        apiVersion: "apps/v1",
        time: "1970-01-01T00:00:00Z",
        fieldsType: "FieldsV1",
        fieldsV1: {
          "f:metadata": { "f:labels": { "f:a": {} } },
          "f:spec": {
            "f:template": {
              "f:spec": {
                "f:containers": {
                  'k:{"name":"app"}': {
                    ".": {},
                    "f:name": {},
                    "f:ports": {
                      'k:{"containerPort":80,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ]);
  });

  it("takes away what the manager no longer applies, and keeps what it never did", () => {
    const first = apply(
      undefined,
      deployment(podWith({ name: "app" }, { name: "old" }), { labels: { a: "b" } }),
    );
    const live = { ...first, spec: { ...podWith({ name: "app" }, { name: "old" }), paused: true } };
    const next = apply(live, deployment(podWith({ name: "app", image: "v2" })));
    expect(next["spec"]).toEqual({ ...podWith({ name: "app", image: "v2" }), paused: true });
    expect(next.metadata.labels).toBeUndefined();
  });

  it("leaves a field that another manager applies too", () => {
    const first = apply(undefined, deployment({ replicas: 2 }));
    const both = apply(first, deployment({ replicas: 2 }), "other");
    expect(apply(both, deployment({ paused: true }))["spec"]).toEqual({ replicas: 2, paused: true });
  });

  it("refuses another value for somebody else's field, unless it is forced", () => {
    const live = apply(undefined, deployment({ replicas: 2 }));
    const request = { kind, live, applied: deployment({ replicas: 3 }), by: by("other") };
    expect(serverSideApply({ ...request, force: false })).toEqual({
      ok: false,
      error: [{ manager: '"kubectl"', field: ".spec.replicas" }],
    });
    expect(serverSideApply({ ...request, force: true })).toMatchObject({
      ok: true,
      value: { spec: { replicas: 3 }, metadata: { managedFields: [{ manager: "other" }] } },
    });
  });

  it("does not touch the status, which is written apart", () => {
    const live = { ...apply(undefined, deployment({ replicas: 1 })), status: { replicas: 1 } };
    const applied = { ...deployment({ replicas: 1 }), status: { replicas: 9 } };
    expect(apply(live, applied)["status"]).toEqual({ replicas: 1 });
  });
});

describe("trackUpdate", () => {
  it("gives a changed field to whoever changed it", () => {
    const live = apply(undefined, deployment({ replicas: 2, paused: true }));
    const object = { ...live, spec: { replicas: 5, paused: true } };
    const tracked = trackUpdate({ kind, object, previous: live }, { ...by("scaler"), subresource: "scale" });
    expect(tracked.metadata.managedFields).toMatchObject([
      { manager: "kubectl", fieldsV1: { "f:spec": { "f:paused": {} } } },
      {
        manager: "scaler",
        operation: "Update",
        subresource: "scale",
        fieldsV1: { "f:spec": { "f:replicas": {} } },
      },
    ]);
  });

  it("forgets fields that are gone", () => {
    const live = apply(undefined, deployment({ replicas: 2 }, { labels: { a: "b" } }));
    const { name, managedFields = [] } = live.metadata;
    const tracked = trackUpdate(
      { kind, object: { ...live, metadata: { name, managedFields } }, previous: live },
      by("editor"),
    );
    expect(tracked.metadata.managedFields).toMatchObject([{ fieldsV1: { "f:spec": { "f:replicas": {} } } }]);
  });
});
