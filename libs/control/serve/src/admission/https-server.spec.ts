import { request } from "node:https";
import { silentLogger } from "@bookmesh/mesh-world/silent-logger";
import { text } from "node:stream/consumers";
import { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRoot, issueServerCertificate, type KeyedCertificate } from "@bookmesh/identity";
import { snapshotCell, type SnapshotCell } from "@bookmesh/kernel";
import { systemClock } from "@bookmesh/node-host";
import { listenOn, stopListening } from "../world/listen.ts";
import { webhookServer } from "./https-server.ts";

const RENEWALS = 10;
const CALLS_AT_ONCE = 8;
const LIFETIME_MS = 3_600_000;
let root: KeyedCertificate;
let certificate: SnapshotCell<KeyedCertificate>;
let server: ReturnType<typeof webhookServer>;
let port = 0;

async function issue(): Promise<KeyedCertificate> {
  const options = { dnsNames: ["istiod.istio-system.svc"], lifetimeMs: LIFETIME_MS, clock: systemClock };
  return issueServerCertificate(root, options);
}

beforeAll(async () => {
  root = await createRoot({ commonName: "root", lifetimeMs: LIFETIME_MS, clock: systemClock });
  certificate = snapshotCell(await issue());
  const reviewers = new Map([["/inject", ({ uid }: { readonly uid: string }) => ({ uid, allowed: true })]]);
  server = webhookServer({ certificate, reviewers, log: silentLogger() });
  port = await listenOn(server, "127.0.0.1", 0);
});
afterAll(() => stopListening(server));

interface Call {
  readonly path: string;
  readonly method?: string;
  readonly body?: string;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  /** The serial number of the certificate that was shown. */
  readonly serial: string;
}

function call({ path, method = "POST", body = "" }: Call): Promise<Answer> {
  const tls = { ca: root.certPem, servername: "istiod.istio-system.svc", rejectUnauthorized: true };
  return new Promise((resolve, reject) => {
    let serial = "";
    const sent = request({ host: "127.0.0.1", port, path, method, agent: false, ...tls }, (response) => {
      text(response).then((answer) => {
        resolve({ status: response.statusCode ?? 0, body: answer, serial });
      }, reject);
    });
    sent.on("socket", (socket) => {
      socket.on("secureConnect", () => {
        if (socket instanceof TLSSocket) serial = socket.getPeerCertificate().serialNumber;
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const review = JSON.stringify({
  apiVersion: "admission.k8s.io/v1",
  kind: "AdmissionReview",
  request: { uid: "u1", kind: {}, operation: "CREATE" },
});

describe("webhookServer", () => {
  it("answers a review in kind", async () => {
    const { status, body } = await call({ path: "/inject?timeout=10s", body: review });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      kind: "AdmissionReview",
      response: { uid: "u1", allowed: true },
    });
  });

  it.each([
    { name: "an unknown path", sent: { path: "/nothing", body: review }, status: 404 },
    { name: "a GET", sent: { path: "/inject", method: "GET" }, status: 405 },
    { name: "no JSON", sent: { path: "/inject", body: "{" }, status: 400 },
    { name: "JSON that is no review", sent: { path: "/inject", body: "[1]" }, status: 400 },
    { name: "null", sent: { path: "/inject", body: "null" }, status: 400 },
    {
      name: "another version",
      sent: { path: "/inject", body: review.replace("/v1", "/v1beta1") },
      status: 400,
    },
  ])("refuses $name with $status", async ({ sent, status }) => {
    expect((await call(sent)).status).toBe(status);
  });

  it("shows a renewed certificate to new connections", async () => {
    const before = await call({ path: "/inject", body: review });
    certificate.replace(await issue());
    const after = await call({ path: "/inject", body: review });
    expect(after.serial).not.toBe("");
    expect(after.serial).not.toBe(before.serial);
  });

  it("answers every review while certificates are renewed", async () => {
    const serials = new Set<string>();
    for (let renewal = 0; renewal < RENEWALS; renewal += 1) {
      const calls = Array.from({ length: CALLS_AT_ONCE }, () => call({ path: "/inject", body: review }));
      certificate.replace(await issue());
      for (const { status, serial } of await Promise.all(calls)) {
        expect(status).toBe(200);
        serials.add(serial);
      }
    }
    expect(serials.size).toBeGreaterThanOrEqual(RENEWALS);
  });
});
