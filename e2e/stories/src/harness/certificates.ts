import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./run.ts";

/** Files in PEM. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** An authority of a story's own, made with openssl. */
export interface Authority {
  /** The file with its root, and what is in it. */
  readonly rootFile: string;
  readonly root: string;
  /** A new certificate for a host name or an address. */
  issue(host: string): Promise<CertificateFiles>;
  remove(): void;
}

/** Makes an authority in a folder of its own. */
export async function authority(): Promise<Authority> {
  const folder = mkdtempSync(join(tmpdir(), "bookmesh-certificates-"));
  const at = (name: string) => join(folder, name);
  await openssl(
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Books of the story"],
    ...["-keyout", at("ca.key"), "-out", at("ca.crt")],
  );
  let issued = 0;
  return {
    rootFile: at("ca.crt"),
    root: readFileSync(at("ca.crt"), "utf8"),
    async issue(host) {
      const [key, request, cert] = ["key", "csr", "crt"].map((end) => at(`${host}-${issued}.${end}`)) as [
        string,
        string,
        string,
      ];
      issued += 1;
      const names = at(`${host}.cnf`);
      writeFileSync(names, `subjectAltName=${isIP(host) === 0 ? "DNS" : "IP"}:${host}\n`);
      await openssl(
        ...["req", "-newkey", "rsa:2048", "-nodes", "-subj", `/CN=${host}`],
        ...["-keyout", key, "-out", request],
      );
      await openssl(
        ...["x509", "-req", "-in", request, "-days", "1", "-CA", at("ca.crt"), "-CAkey", at("ca.key")],
        ...["-CAcreateserial", "-extfile", names, "-out", cert],
      );
      return { cert, key };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function openssl(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run("openssl", args);
  if (code !== 0) throw new Error(`openssl ${args.join(" ")} failed:\n${stderr}`);
}
