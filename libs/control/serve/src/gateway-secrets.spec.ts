import { fromBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRoot, issueServerCertificate, type KeyedCertificate } from "@bookmesh/identity";
import { RESOURCES, type ConfigMap, type KubeObject, type Secret } from "@bookmesh/kube-api";
import { systemClock } from "@bookmesh/node-host";
import { eventually } from "@bookmesh/testkit";
import { SECRET_TYPE_URL, SecretSchema, TYPE_URLS } from "@bookmesh/xds-api";
import { AdsClient, BOOK_NODE } from "./testing/ads-client.ts";
import { BOOK_TOKEN, bookshop } from "./testing/bookshop.ts";
import { testDiscovery, type TestDiscovery } from "./testing/test-discovery.ts";

const ROUTER = { ...BOOK_NODE, id: BOOK_NODE.id.replace("sidecar", "router") };
const LIFETIME_MS = 86_400_000;

const api = bookshop();
let discovery: TestDiscovery;
let certificates: readonly KeyedCertificate[];
const clients: AdsClient[] = [];

beforeAll(async () => {
  const root = await createRoot({ commonName: "spec", lifetimeMs: LIFETIME_MS, clock: systemClock });
  const issue = () =>
    issueServerCertificate(root, {
      dnsNames: ["book.example.com"],
      lifetimeMs: LIFETIME_MS,
      clock: systemClock,
    });
  certificates = [await issue(), await issue()];
  api.put(RESOURCES.gateways, GATEWAY);
  put("book", 0);
  discovery = await testDiscovery(api);
});
afterAll(async () => {
  for (const client of clients) client.close();
  await discovery.end();
});

const GATEWAY: KubeObject = {
  ...{ apiVersion: "networking.istio.io/v1", kind: "Gateway" },
  metadata: { name: "edge", namespace: "default" },
  spec: { selector: { app: "book" }, servers: ["book", "rating"].map(server) },
};

function server(name: string) {
  return {
    port: { number: 8_443, name, protocol: "HTTPS" },
    hosts: [`${name}.example.com`],
    tls: { mode: "SIMPLE", credentialName: name },
  };
}

function put(name: string, which: number, keyOf = which): void {
  const base64 = (text = "") => Buffer.from(text).toString("base64");
  const data = {
    "tls.crt": base64(certificates[which]?.certPem),
    "tls.key": base64(certificates[keyOf]?.keyPem),
  };
  const secret: Secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "default" },
    type: "kubernetes.io/tls",
    data,
  };
  api.put(RESOURCES.secrets, secret);
}

async function asking(node: typeof ROUTER, ...names: readonly string[]): Promise<AdsClient> {
  const rootPem = await eventually(() => {
    const key = { namespace: "istio-system", name: "istio-ca-root-cert" };
    const map = api.read(RESOURCES.configMaps, key) as ConfigMap | undefined;
    expect(map).toBeDefined();
    return map?.data?.["root-cert.pem"] ?? "";
  });
  const client = new AdsClient({ port: discovery.xdsPort, rootPem, token: BOOK_TOKEN });
  clients.push(client);
  client.onResponse = ({ typeUrl, versionInfo, nonce }) =>
    client.send({ typeUrl, versionInfo, responseNonce: nonce, resourceNames: [...names] });
  client.send({ node, typeUrl: SECRET_TYPE_URL, resourceNames: [...names] });
  return client;
}

/** The chain of each certificate in the newest answer, by its name. */
function chainsOf(client: AdsClient): Readonly<Record<string, string>> {
  const secrets = (client.received.at(-1)?.resources ?? []).map(({ value }) =>
    fromBinary(SecretSchema, value),
  );
  return Object.fromEntries(
    secrets.map(({ name, type }) => {
      const chain = type.case === "tlsCertificate" ? type.value.certificateChain?.specifier : undefined;
      return [name, chain?.case === "inlineBytes" ? new TextDecoder().decode(chain.value) : ""];
    }),
  );
}

describe("certificates of gateways", () => {
  it("are sent to a gateway that asks, pushed as they change, and left out while they cannot be used", async () => {
    const client = await asking(ROUTER, "kubernetes://book", "kubernetes://rating", "kubernetes://other");
    const chain = (index: number) => certificates[index]?.certPem;
    await eventually(() => expect(chainsOf(client)).toEqual({ "kubernetes://book": chain(0) }));
    put("rating", 0, 1);
    put("book", 1);
    await eventually(() => expect(chainsOf(client)).toEqual({ "kubernetes://book": chain(1) }));
    put("rating", 0);
    await eventually(() =>
      expect(chainsOf(client)).toEqual({ "kubernetes://book": chain(1), "kubernetes://rating": chain(0) }),
    );
  });

  it("are sent to nobody else", async () => {
    const client = await asking(BOOK_NODE, "kubernetes://book");
    await eventually(() => expect(client.received).toHaveLength(1));
    expect(chainsOf(client)).toEqual({});
  });

  it("are not in what istiod shows of a gateway", async () => {
    const client = await asking(ROUTER, "kubernetes://book");
    client.send({ typeUrl: TYPE_URLS.listener });
    await eventually(() => expect(client.received.length).toBeGreaterThan(1));
    const url = `http://127.0.0.1:${discovery.monitoringPort}/debug/config_dump?proxyID=book-1.default`;
    const dump = await (await fetch(url)).text();
    expect(dump).toContain("kubernetes://book");
    expect(dump).not.toContain("PRIVATE");
    expect(dump).not.toContain(
      Buffer.from(certificates[0]?.keyPem ?? "")
        .toString("base64")
        .slice(0, 60),
    );
  });
});
