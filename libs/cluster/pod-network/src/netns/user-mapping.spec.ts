import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { userMapping, whyOneUser } from "./user-mapping.ts";

describe("userMapping", () => {
  it("wants for root no namespace of users, and of others that they become root", () => {
    const { flags, whyOne } = userMapping();
    if (process.getuid?.() === 0) expect({ flags, whyOne }).toEqual({ flags: [], whyOne: undefined });
    else expect(flags.slice(0, 2)).toEqual(["--user", "--map-root-user"]);
  });

  it("maps a sidecar's user, or says why not", ({ skip }) => {
    const { flags, whyOne } = userMapping();
    const { status, stdout, stderr } = spawnSync(
      "unshare",
      [...flags, "--net", "--", "cat", "/proc/self/uid_map"],
      { encoding: "utf8" },
    );
    if (status !== 0) skip(`No network namespace can be made here: ${stderr}`);
    const users = stdout
      .trim()
      .split("\n")
      .reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[2]), 0);
    expect(users > 1337).toBe(whyOne === undefined);
  });
});

describe("whyOneUser", () => {
  it("says what is missing and what to do", () => {
    expect(whyOneUser("ann", "unshare: failed to execute newuidmap")).toBe(
      "All pods' programs run as one user, whatever runAsUser says (unshare: failed to execute newuidmap): for others " +
        "install newuidmap (package uidmap) and give ann a range of 65536 in /etc/subuid and /etc/subgid.",
    );
  });
});
