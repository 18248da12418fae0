import { execFile } from "node:child_process";
import { createServer as createHttpServer, type IncomingHttpHeaders } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { promisify } from "node:util";
import { redirectionRules } from "@bookmesh/interception";
import { DEFAULT_INTERCEPTION, readInterception } from "@bookmesh/interception-api";
import { canMakePodNetworks, hasProgram, podNetwork, type PodNetwork } from "@bookmesh/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** What the applications here tell of a request. */
interface Told {
  readonly from: string;
  readonly at: string;
  readonly headers: IncomingHttpHeaders;
}

const CLUSTER_IP = { v4: "10.96.0.9", v6: "fd00:96::9" };
const FAMILIES = ["v4", "v6"] as const;
const PROGRAM = new URL("./redirected-pod.ts", import.meta.url).pathname;
const LIMIT_SECONDS = "20";
/** Three programs start; on a busy machine that takes its time. */
const START_MS = 60_000;

/** What the init container writes where nobody says otherwise. */
function rulesOf(family: 4 | 6): string {
  const read = readInterception(DEFAULT_INTERCEPTION);
  return read.ok ? redirectionRules(read.value, family, "") : read.error;
}

async function run(...command: string[]): Promise<string> {
  const [program = "", ...words] = command;
  const { stdout } = await promisify(execFile)(program, words);
  return stdout;
}

/** An address as URLs have it. */
const host = (address: string) => (address.includes(":") ? `[${address}]` : address);

describe.skipIf(!canMakePodNetworks() || !hasProgram("curl"))(
  "a pod's network (with root, ip, iptables and curl)",
  () => {
    let network: PodNetwork;
    let peerPort: number;
    const outside = createHttpServer((request, response) => {
      const { remoteAddress: from, localAddress: at } = request.socket;
      response.end(JSON.stringify({ from, at, headers: request.headers }));
    });
    const greeter = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.end("220 ready\n");
    });

    beforeAll(async () => {
      network = podNetwork({ v4: rulesOf(4), v6: rulesOf(6) });
      await new Promise<void>((resolve) => outside.listen(0, "::", resolve));
      await new Promise<void>((resolve) => greeter.listen(0, "::", resolve));
      peerPort = portOf(outside.address());
      await Promise.all([
        network.start(process.execPath, PROGRAM, "application", "8080"),
        network.start(process.execPath, PROGRAM, "application", "9090"),
        network.start(process.execPath, PROGRAM, "proxy", network.peer.v4, String(peerPort)),
      ]);
    }, START_MS);

    afterAll(() => {
      network.close();
      outside.close();
      greeter.close();
    });

    const curl = (...words: string[]) => ["-sS", "--globoff", "--max-time", LIMIT_SECONDS, ...words];
    const fromOutside = (...words: string[]) => run("curl", ...curl(...words));
    const fromInside = (...words: string[]) => run(...network.within, "curl", ...curl(...words));
    const told = async (answer: Promise<string>) => JSON.parse(await answer) as Told;

    it.each(FAMILIES)("takes requests from outside through the sidecar (%s)", async (family) => {
      const { from, at, headers } = await told(fromOutside(`http://${host(network.pod[family])}:8080/`));
      expect([from, at]).toEqual(
        family === "v4" ? ["::ffff:127.0.0.6", `::ffff:${network.pod.v4}`] : ["::6", network.pod.v6],
      );
      expect(headers["x-request-id"]).toBeDefined();
    });

    it.each(FAMILIES)("takes connections to ports that nobody has named (%s)", async (family) => {
      const { from, headers } = await told(fromOutside(`http://${host(network.pod[family])}:9090/`));
      expect(from).toBe(family === "v4" ? "::ffff:127.0.0.6" : "::6");
      expect(headers["x-request-id"]).toBeUndefined();
    });

    it.each(FAMILIES)("routes what the application asks of a ClusterIP (%s)", async (family) => {
      const { from, headers } = await told(fromInside(`http://${host(CLUSTER_IP[family])}/`));
      expect(from).toBe(`::ffff:${network.pod.v4}`);
      expect(headers["x-request-id"]).toBeDefined();
    });

    it.each(FAMILIES)("passes on what the application asks of an address outside (%s)", async (family) => {
      const { headers } = await told(fromInside(`http://${host(network.peer[family])}:${peerPort}/`));
      expect(headers["x-request-id"]).toBeUndefined();
    });

    it("lets the server speak first", async () => {
      const { port } = greeter.address() as AddressInfo;
      const script = `curl -sS --max-time ${LIMIT_SECONDS} telnet://${network.peer.v4}:${port} </dev/null`;
      expect(await run(...network.within, "sh", "-c", script)).toBe("220 ready\n");
    });

    it("leaves the application's calls to itself alone", async () => {
      const { from } = await told(fromInside("http://127.0.0.1:8080/"));
      expect(from).toBe("::ffff:127.0.0.1");
    });

    it.each([15_001, 15_006])(
      "closes whoever asks for port %d itself, and does not call itself",
      async (port) => {
        const closed = /Empty reply from server|Connection reset by peer/;
        await expect(fromInside(`http://127.0.0.1:${port}/`)).rejects.toThrow(closed);
        await expect(fromOutside(`http://${network.pod.v4}:${port}/`)).rejects.toThrow(closed);
      },
    );
  },
);

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The server listens on no port.");
  return address.port;
}
