import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { eventually } from "@bookmesh/testkit";
import {
  articleDeployed,
  ask,
  bookmesh,
  containerNames,
  control,
  podNames,
  podsReady,
  RATING_PORT,
  ratings,
  tryControl,
} from "./harness/mesh.ts";

describe("Deploying the application", () => {
  beforeAll(articleDeployed);

  it("gives every pod a second container, without a change to the deployment [B2]", async () => {
    const printed = await control("get", "pods", "-n", "default");
    const lines = printed.trimEnd().split("\n").slice(1);
    expect(lines).toHaveLength(3);
    for (const line of lines)
      expect(line).toMatch(/^(book-service|rating-service-v[12])-\S+\s+2\/2\s+Running/);
  });

  it("names the second container istio-proxy, and describes both [F5]", async () => {
    expect(await containerNames("app.kubernetes.io/version=v2.0.0")).toEqual([
      "istio-proxy",
      "rating-service",
    ]);
  });

  it("leaves a pod alone that opts out [B2]", async () => {
    await control("apply", "-f", join(import.meta.dirname, "manifests/opted-out.yml"));
    await podsReady("app=opted-out", 1);
    expect(await containerNames("app=opted-out")).toEqual(["opted-out"]);
    await control("delete", "-f", join(import.meta.dirname, "manifests/opted-out.yml"));
  });

  it("lists the services with the article's ports [F5]", async () => {
    const printed = await control("get", "services", "-n", "default");
    expect(printed).toMatch(/^NAME\s+TYPE\s+CLUSTER-IP\s+EXTERNAL-IP\s+PORT\(S\)\s+AGE\n/);
    expect(printed).toMatch(/\nbook-service\s+LoadBalancer\s+10\.\S+\s+\S+\s+8080:31304\/TCP\s/);
    expect(printed).toMatch(/\nkubernetes\s+ClusterIP\s+10\.96\.0\.1\s+<none>\s+443\/TCP\s/);
    expect(printed).toMatch(/\nrating\s+LoadBalancer\s+10\.\S+\s+\S+\s+8080:31216\/TCP\s/);
  });

  it("spreads requests over both versions in turn: 1, N, 1, N [A2, B3]", async () => {
    const seen = await ratings(8);
    const ones = seen.filter((rating) => rating === 1);
    const others = new Set(seen.filter((rating) => rating !== 1));
    expect(ones).toHaveLength(4);
    expect([...others]).toHaveLength(1);
    expect([2, 3, 4, 5]).toContain([...others][0]);
    for (let index = 1; index < seen.length; index += 1) expect(seen[index]).not.toBe(seen[index - 1]);
  });

  it("answers a book in the article's 39 bytes", async () => {
    const answer = await eventually(async () => {
      const { status, body } = await ask("/book/1");
      expect(body).toContain('"rating":1');
      return { status, body };
    });
    expect(answer).toEqual({ status: 200, body: '{"bookId":1,"name":"Book 1","rating":1}' });
  });

  it("documents each service's API [A1]", async () => {
    expect((await ask("/openapi.json")).body).toContain('"/book/{id}"');
    expect((await ask("/openapi.json", RATING_PORT)).body).toContain('"/rate/{id}"');
    expect((await ask("/docs/static/index.html")).status).toBeLessThan(400);
  });

  it.each([
    { path: "/book/99", status: 404 },
    { path: "/book/one", status: 400 },
  ])("answers $path with $status through the mesh", async ({ path, status }) => {
    expect((await ask(path)).status).toBe(status);
  });

  it("sends each call through both sidecars", async () => {
    const [book] = await podNames("app.kubernetes.io/name=book-service");
    const clusters = await bookmesh("proxy-config", "clusters", `${book ?? ""}.default`);
    expect(clusters).toContain("rating.default.svc.cluster.local");
    const status = await bookmesh("proxy-status");
    expect(status).toContain(book);
    expect(status).toContain("SYNCED");
    const log = await control("logs", book ?? "", "-c", "istio-proxy");
    expect(log).toContain("outbound|8080||rating.default.svc.cluster.local");
    expect(log).toContain("inbound|8080||");
  });

  it("runs the manifest exactly as the article prints it, its image name included", async () => {
    const printed = ["-n", "printed", "-f", join(import.meta.dirname, "manifests/printed-book.yml")];
    const { code, stdout } = await tryControl(["apply", "-f", "-"], PRINTED_NAMESPACE);
    expect([code, stdout]).toEqual([0, "namespace/printed created\n"]);
    const created = await control("apply", ...printed);
    expect(created).toBe("service/book-service created\ndeployment.apps/book-service created\n");
    await podsReady("app.kubernetes.io/name=book-service", 1, "printed");
    expect(await containerNames("app.kubernetes.io/name=book-service", "printed")).toEqual([
      "book-service",
      "istio-proxy",
    ]);
    await control("delete", "namespace", "printed");
  });
});

const PRINTED_NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: printed
  labels:
    istio-injection: enabled
`;
