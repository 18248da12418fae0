import { describe, expect, it } from "vitest";
import { readCommandLine } from "./options.ts";
import { requireSupport } from "./start-local-cluster.ts";

describe("readCommandLine", () => {
  it.each([
    {
      name: "nothing said",
      words: [],
      env: {},
      options: { address: "127.0.0.1", port: 6443, podNetwork: "auto", fresh: false, empty: false },
    },
    {
      name: "the environment",
      words: [],
      env: { BOOKMESH_HOME: "/h", BOOKMESH_ADDRESS: "127.0.0.2", BOOKMESH_POD_NETWORK: "netns" },
      options: { home: "/h", address: "127.0.0.2", podNetwork: "netns" },
    },
    {
      name: "flags over the environment",
      words: ["--home", "/f", "--address", "127.0.0.3", "--fresh", "--empty", "--pod-network", "auto"],
      env: { BOOKMESH_HOME: "/h", BOOKMESH_ADDRESS: "127.0.0.2" },
      options: { home: "/f", address: "127.0.0.3", podNetwork: "auto", fresh: true, empty: true },
    },
  ])("reads $name", ({ words, env, options }) => {
    expect(readCommandLine(words, env)).toMatchObject(options);
  });

  it("refuses a pod network that does not exist, and names those that do", () => {
    expect(() => readCommandLine(["--pod-network", "host"], {})).toThrow(
      'There is no pod network "host": take one of loopback, mapped, netns, auto.',
    );
  });

  it("refuses a flag that it does not know", () => {
    expect(() => readCommandLine(["--what"], {})).toThrow("--what");
  });
});

describe("requireSupport", () => {
  it.each([
    {
      platform: "win32",
      address: "127.0.0.1",
      sentence: "The local cluster runs on Linux and macOS; win32 is not supported.",
    },
    { platform: "darwin", address: "10.0.0.1", sentence: "The address 10.0.0.1 is not usable" },
  ] as const)("refuses $platform with $address", ({ platform, address, sentence }) => {
    expect(() => requireSupport(platform, address)).toThrow(sentence);
  });
});
