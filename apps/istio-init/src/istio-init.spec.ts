import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** A network of its own with a route outwards, where this user is root and nobody else is disturbed. */
const NAMESPACE = ["unshare", "--map-root-user", "--net"] as const;
const NETWORK = `
set -e
ip link set lo up
ip link add eth0 type veth peer name peer0
ip addr add 10.77.0.1/24 dev eth0
ip link set eth0 up
ip link set peer0 up
ip route add default via 10.77.0.2
`;
const PROGRAM = `${process.execPath} ${join(import.meta.dirname, "main.ts")}`;
/** Only one user exists in the namespace, so that the sidecar is known by its address. */
const INIT = `${PROGRAM} --proxy-source-address 10.77.0.9`;
const RULES = "iptables-save --table nat | sed '/^#/d; s/ \\[.*//'";

/** Listens where the sidecar would, calls somewhere else, and says who answered. */
function callFrom(address: string): string {
  const program = `
const net = require("node:net");
const server = net.createServer((socket) => socket.end("the sidecar")).listen(15001, "0.0.0.0", () => {
  const call = net.connect({ host: "10.96.0.1", port: 80, localAddress: "${address}", timeout: 500 });
  const end = (word) => { console.log(word); call.destroy(); server.close(); };
  call.on("data", (bytes) => end(String(bytes)));
  call.on("timeout", () => end("nobody"));
  call.on("error", () => end("nobody"));
});`;
  return `${process.execPath} -e '${program.replaceAll("\n", " ")}'`;
}

function inNamespace(script: string): { readonly status: number | null; readonly output: string } {
  const [command, ...args] = NAMESPACE;
  const { status, stdout, stderr } = spawnSync(command, [...args, "sh", "-c", NETWORK + script], {
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

const trial = inNamespace(RULES);
if (trial.status !== 0)
  process.stdout.write(`istio-init is not tried out, no network can be made here: ${trial.output}\n`);

describe.skipIf(trial.status !== 0)("istio-init", () => {
  it("redirects calls to the sidecar, but for the sidecar's own", () => {
    const script = `ip addr add 10.77.0.9/24 dev eth0; ${INIT} > /dev/null;`;
    expect(inNamespace(`${script} ${callFrom("10.77.0.1")}`).output.trim()).toBe("the sidecar");
    expect(inNamespace(`${script} ${callFrom("10.77.0.9")}`).output.trim()).toBe("nobody");
  });

  it("changes nothing the second time", () => {
    const { output } = inNamespace(`${INIT} > /dev/null; ${RULES}; echo ---; ${INIT} > /dev/null; ${RULES}`);
    const [once, twice] = output.split("---\n");
    expect(once).toContain("ISTIO_OUTPUT");
    expect(twice).toBe(once);
  });

  it("leaves nothing behind when it cleans up, though others' rules stay", () => {
    const own = "iptables --table nat --append OUTPUT --protocol tcp --dport 9 --jump RETURN";
    const script = `${own}; ${RULES}; echo ---; ${INIT} > /dev/null; ${INIT} --cleanup > /dev/null; ${RULES}`;
    const [before, after] = inNamespace(script).output.split("---\n");
    expect(before).toContain("--dport 9");
    expect(after).toBe(before);
  });

  it("says what is missing without the right to write rules", () => {
    const { output, status } = inNamespace(`setpriv --bounding-set -net_admin ${INIT}`);
    expect(output).toContain("needs the capabilities NET_ADMIN and NET_RAW");
    expect(status).toBe(1);
  });

  it("says what helps where the sidecar's user does not exist", () => {
    const { output, status } = inNamespace(PROGRAM);
    expect(output).toContain("--proxy-source-address");
    expect(status).toBe(1);
  });

  it("says what is missing without iptables", () => {
    const { output, status } = inNamespace(`PATH=/nowhere ${INIT}`);
    expect(output).toContain("install the package iptables");
    expect(status).toBe(1);
  });

  it.each([
    { name: "an unknown flag", flags: "--nothing", says: "--nothing" },
    { name: "a value that cannot be", flags: "-o http", says: "--istio-local-outbound-ports-exclude" },
  ])("refuses $name and touches nothing", ({ flags, says }) => {
    const { output } = inNamespace(`${INIT} ${flags} || echo exit $?; ${RULES}`);
    expect(output).toContain(says);
    expect(output).toContain("exit 2");
    expect(output).not.toContain("ISTIO_");
  });
});
