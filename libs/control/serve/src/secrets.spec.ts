import { expect, it } from "vitest";
import { RESOURCES, type ConfigMap, type Secret } from "@bookmesh/kube-api";
import { eventually } from "@bookmesh/testkit";
import { AdsClient, behaveAsSidecar } from "./testing/ads-client.ts";
import { BOOK_TOKEN, bookshop } from "./testing/bookshop.ts";
import { testDiscovery } from "./testing/test-discovery.ts";

const SYSTEM = "istio-system";

it("keeps the root's key in its Secret and callers' tokens to itself: no page and no ConfigMap has them", async () => {
  const api = bookshop();
  const discovery = await testDiscovery(api);
  const rootMap = { namespace: SYSTEM, name: "istio-ca-root-cert" };
  await eventually(() => expect(api.read(RESOURCES.configMaps, rootMap)).toBeDefined());
  const rootPem = (api.read(RESOURCES.configMaps, rootMap) as ConfigMap).data?.["root-cert.pem"] ?? "";
  const sidecar = new AdsClient({ port: discovery.xdsPort, rootPem, token: BOOK_TOKEN });
  behaveAsSidecar(sidecar);
  await eventually(() => expect(sidecar.received).toHaveLength(4));

  const page = async (path: string) =>
    (await fetch(`http://127.0.0.1:${discovery.monitoringPort}${path}`)).text();
  const paths = (await page("/debug")).split("\n");
  const pages = await Promise.all([...paths, "/debug/config_dump?proxyID=book-1.default"].map(page));
  const maps = await api.client().list(RESOURCES.configMaps, {});
  const shown = [...pages, JSON.stringify(maps)].join("\n");

  expect(shown).toContain("book-1.default");
  expect(shown).not.toContain("PRIVATE KEY");
  expect(shown).not.toContain(
    keyBody(api.read(RESOURCES.secrets, { namespace: SYSTEM, name: "istio-ca-secret" }) as Secret),
  );
  expect(shown).not.toContain(BOOK_TOKEN);
  sidecar.close();
  await discovery.end();
});

/** The second line of the key's PEM: what is secret in it. */
function keyBody({ data }: Secret): string {
  const pem = Buffer.from(data?.["ca-key.pem"] ?? "", "base64").toString();
  expect(pem).toContain("PRIVATE KEY");
  return pem.split("\n")[1] ?? "";
}
