import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openHome } from "./cluster-home.ts";

describe("openHome", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "bookmesh-home-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("is held by one process at a time", () => {
    const home = openHome(directory, false);
    expect(() => openHome(directory, false)).toThrow(`already runs on ${directory} (process ${process.pid})`);
    home.release();
    openHome(directory, false).release();
  });

  it.each([
    { name: "that has ended", lock: "999999999 1" },
    { name: "whose number somebody else has by now", lock: `${process.pid} 1` },
    { name: "that wrote nothing", lock: "" },
  ])("takes over from a process $name", ({ lock }) => {
    writeFileSync(join(directory, "lock"), lock);
    openHome(directory, false).release();
  });

  it("keeps a secret from others and the same from start to start", () => {
    const home = openHome(directory, false);
    expect(home.secret("token", () => "one")).toBe("one");
    expect(home.secret("token", () => "two")).toBe("one");
    expect(statSync(join(directory, "token")).mode & 0o777).toBe(0o600);
    home.release();
  });

  it("begins anew on demand, but for the user's image map", () => {
    writeFileSync(join(directory, "state.sqlite"), "old");
    writeFileSync(join(directory, "image-map.yml"), "images: []");
    openHome(directory, true).release();
    expect(existsSync(join(directory, "state.sqlite"))).toBe(false);
    expect(readFileSync(join(directory, "image-map.yml"), "utf8")).toBe("images: []");
  });
});
