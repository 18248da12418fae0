import { describe, expect, it } from "vitest";
import { mappedPlace, mappedRange, withMappedPlaces } from "./mapped-place.ts";

describe("mappedRange", () => {
  it.each([
    { host: "127.0.0.1", range: { first: 240, second: 16, size: 253 } },
    { host: "127.0.0.112", range: { first: 240, second: 127, size: 253 } },
    { host: "127.0.0.113", range: undefined },
    { host: "127.1.0.1", range: undefined },
    { host: "10.0.0.1", range: undefined },
  ])("of $host is $range", ({ host, range }) => {
    expect(mappedRange(host)).toEqual(range);
  });
});

describe("mappedPlace", () => {
  it.each([
    { name: "a pod's first known port", address: "240.16.0.2", port: 15_000, place: ["127.0.0.1", 10_000] },
    {
      name: "an application's port on the pod IP",
      address: "240.16.0.2",
      port: 8080,
      place: ["127.0.0.1", 10_032],
    },
    { name: "the same of the application", address: "240.144.0.2", port: 8080, place: ["127.0.0.1", 10_058] },
    { name: "the next pod's", address: "240.16.0.3", port: 8080, place: ["127.0.0.1", 10_096] },
    { name: "a second cluster's", address: "240.17.0.2", port: 8080, place: ["127.0.0.2", 10_032] },
    {
      name: "a port that is mapped already",
      address: "240.144.0.2",
      port: 10_058,
      place: ["127.0.0.1", 10_058],
    },
    { name: "the last pod's last port", address: "240.144.0.254", port: 25, place: ["127.0.0.1", 26_191] },
  ])("knows $name", ({ address, port, place: [host, mapped] }) => {
    expect(mappedPlace(address, port)).toEqual({ host, port: mapped });
  });

  it.each(["127.0.0.1", "10.96.0.1", "240.16.1.2", "240.16.0.1", "240.16.0.255", "240.15.0.2", "rating"])(
    "leaves %s alone",
    (address) => {
      expect(mappedPlace(address, 8080)).toBeUndefined();
    },
  );

  it("gives a port of its own to everything that the mesh's pods and the usual programs listen on", () => {
    const mesh = [
      15_000, 15_001, 15_006, 15_007, 15_008, 15_010, 15_012, 15_014, 15_017, 15_020, 15_021, 15_090,
    ];
    const usual = [80, 443, 3000, 5000, 8000, 8080, 8081, 8443, 9000, 9080, 9090, 9091, 15_443];
    const ports = ["240.16.0.2", "240.16.0.3"].flatMap((podIp) => [
      ...[...mesh, ...usual].map((port) => mappedPlace(podIp, port)?.port),
      ...usual.map((port) => mappedPlace(podIp.replace(".16.", ".144."), port)?.port),
    ]);
    expect(new Set(ports).size).toBe(ports.length);
  });
});

describe("withMappedPlaces", () => {
  it.each([
    { text: "http://240.144.0.2:15007", told: "http://127.0.0.1:10003" },
    { text: "--bind=240.16.0.2:8080,240.16.0.3:8080", told: "--bind=127.0.0.1:10032,127.0.0.1:10096" },
    { text: "240.16.0.2", told: "240.16.0.2" },
    { text: "10.0.0.1:8080 rating:8080", told: "10.0.0.1:8080 rating:8080" },
  ])("tells $told for $text", ({ text, told }) => {
    expect(withMappedPlaces(text)).toBe(told);
  });
});
