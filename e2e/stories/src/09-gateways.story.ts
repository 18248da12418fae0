import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "@bookmesh/testkit";
import { authority, type Authority, type CertificateFiles } from "./harness/certificates.ts";
import { askGateway, ingressPlace, type GatewayAnswer, type Place } from "./harness/ingress.ts";
import { articleDeployed, ask, control, podsReady, ratingOf, tryControl } from "./harness/mesh.ts";
import { ROOT } from "./harness/platform.ts";
import { run } from "./harness/run.ts";

const SAMPLES = join(ROOT, "deploy/samples/gateways");
const HOST = "book.example.com";
const BOOK = { host: HOST, path: "/book/1" };

const apply = (file: string) => control("apply", "-n", "default", "-f", join(SAMPLES, file));
const remove = (file: string) =>
  control("delete", "-n", "default", "--ignore-not-found", "-f", join(SAMPLES, file));

let plain: Place;
let secure: Place;

beforeAll(async () => {
  await articleDeployed();
  plain = await ingressPlace(80);
  secure = await ingressPlace(443);
});

describe("The way in", () => {
  afterAll(() => remove("ingress.yml"));

  it("is shut until a Gateway opens it", async () => {
    expect((await askGateway(plain, BOOK)).status).toBe(0);
  });

  it("leads from the gateway to the book service [A5]", async () => {
    expect(await apply("ingress.yml")).toBe(
      "gateway.networking.istio.io/books created\nvirtualservice.networking.istio.io/books created\n",
    );
    await eventually(async () => expect((await askGateway(plain, BOOK)).status).toBe(200));
    expect(JSON.parse((await askGateway(plain, BOOK)).body)).toMatchObject({ bookId: 1, name: "Book 1" });
  });

  it("takes a host by its name, whatever port the caller writes behind it", async () => {
    const answer = await askGateway(plain, { ...BOOK, host: `${HOST}:${plain.port}` });
    expect(answer.status).toBe(200);
  });

  it("knows no host that no server has", async () => {
    expect((await askGateway(plain, { ...BOOK, host: "other.example.com" })).status).toBe(404);
    expect((await askGateway(plain, { ...BOOK, host: plain.address })).status).toBe(404);
  });

  it("says at a Gateway what of it is not served, and why", async () => {
    const { code, stderr } = await tryControl(["apply", "-f", "-"], CONFLICT);
    expect(code).toBe(0);
    expect(stderr).toContain("Gateway default/books has the port for HTTP");
    await eventually(async () => {
      const printed = await control("get", "gateway", "late", "-n", "default", "-o", "json");
      expect(printed).toContain("Gateway default/books has the port for HTTP");
    });
    expect((await askGateway(plain, BOOK)).status).toBe(200);
    await control("delete", "gateway", "late", "-n", "default");
  });
});

describe("The way in, over TLS", () => {
  let books: Authority;

  beforeAll(async () => {
    books = await authority();
  });
  afterAll(async () => {
    await remove("ingress-tls.yml");
    await control("delete", "secret", "books", "-n", "istio-system", "--ignore-not-found");
    books.remove();
  });

  const overTls = () => askGateway(secure, { ...BOOK, ca: books.root });

  it("refuses connections while the Secret is missing, and names it", async () => {
    await apply("ingress-tls.yml");
    await eventually(async () => {
      const printed = await control("get", "gateway", "books", "-n", "default", "-o", "json");
      expect(printed).toContain("Secret istio-system/books does not exist");
    });
    expect((await overTls()).status).toBe(0);
  });

  it("sends who comes in the clear to https", async () => {
    await eventually(async () => {
      const { status, location } = await askGateway(plain, BOOK);
      expect([status, location]).toEqual([301, `https://${HOST}/book/1`]);
    });
  });

  it("proves itself by the certificate of the Secret", async () => {
    await putSecret(await books.issue(HOST));
    await eventually(async () => expect((await overTls()).status).toBe(200));
    const url = `https://${HOST}:${secure.port}/book/1`;
    const resolved = ["--resolve", `${HOST}:${secure.port}:${secure.address}`, "--noproxy", "*"];
    const { code, stdout } = await run("curl", ["-sS", "--cacert", books.rootFile, ...resolved, url]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ bookId: 1, name: "Book 1" });
  });

  it("answers no name that none of its servers has", async () => {
    const answer = await askGateway(secure, { host: "other.example.com", path: "/", ca: books.root });
    expect(answer.status).toBe(0);
  });

  it("changes its certificate without losing a request", async () => {
    const ROTATIONS = 3;
    const seen: GatewayAnswer[] = [];
    let rotating = true;
    const client = async () => {
      while (rotating) seen.push(await overTls());
    };
    const rotate = async () => {
      for (let index = 0; index < ROTATIONS; index += 1) {
        const before = (await overTls()).certificate;
        await putSecret(await books.issue(HOST));
        await eventually(async () => expect((await overTls()).certificate).not.toBe(before));
      }
      rotating = false;
    };
    await Promise.all([client(), client(), rotate().finally(() => (rotating = false))]);
    expect(seen.filter(({ status }) => status !== 200)).toEqual([]);
    expect(new Set(seen.map(({ certificate }) => certificate)).size).toBeGreaterThan(ROTATIONS - 1);
  });

  it("names a Secret that has become useless", async () => {
    expect(await tryControl(["apply", "-f", "-"], USELESS)).toMatchObject({ code: 0 });
    await eventually(async () => {
      const printed = await control("get", "gateway", "books", "-n", "default", "-o", "json");
      expect(printed).toContain("Secret istio-system/books holds no PEM certificate in tls.crt");
    });
  });
});

describe("The way out", () => {
  afterAll(() => remove("egress.yml"));

  it("leads calls of a service through the egress gateway", async () => {
    await apply("egress.yml");
    const marker = `way-out-${Date.now()}`;
    await eventually(async () => {
      expect(ratingOf(await ask(`/book/1?${marker}`))).toEqual(expect.any(Number));
      const log = await control("logs", "-n", "istio-system", "-l", "istio=egressgateway", "--tail", "20");
      expect(log).toContain("outbound|8080||rating.default.svc.cluster.local");
    });
    for (let index = 0; index < 20; index += 1)
      expect(ratingOf(await ask("/book/1"))).toEqual(expect.any(Number));
  });
});

describe("The way in by a gateway of one's own", () => {
  afterAll(() => remove("own-gateway.yml"));

  it("leads to the services of its namespace: the injector has made a proxy of its container", async () => {
    await apply("own-gateway.yml");
    await podsReady("app=shop-door", 1);
    const door = await ingressPlace(80, { name: "shop-door", namespace: "default" });
    const book = { ...BOOK, host: "book.shop.example.com" };
    await eventually(async () => expect((await askGateway(door, book)).status).toBe(200));
    expect((await askGateway(door, BOOK)).status).toBe(404);
  });
});

async function putSecret({ cert, key }: CertificateFiles): Promise<void> {
  const base64 = (file: string) => readFileSync(file).toString("base64");
  const outcome = await tryControl(["apply", "-f", "-"], secret(base64(cert), base64(key)));
  expect(outcome.code, outcome.stderr).toBe(0);
}

function secret(cert: string, key: string): string {
  return `apiVersion: v1
kind: Secret
metadata: { name: books, namespace: istio-system }
type: kubernetes.io/tls
data: { tls.crt: ${cert}, tls.key: ${key} }
`;
}

const USELESS = secret("bm90aGluZw==", "bm90aGluZw==");

const CONFLICT = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: late, namespace: default }
spec:
  selector: { istio: ingressgateway }
  servers:
  - port: { number: 80, name: https, protocol: HTTPS }
    hosts: [late.example.com]
    tls: { mode: SIMPLE, credentialName: late }
`;
