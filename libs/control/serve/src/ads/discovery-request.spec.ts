import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { DiscoveryRequestSchema, TYPE_URLS } from "@bookmesh/xds-api";
import { requestReader } from "./discovery-request.ts";

const bytesOf = (request: MessageInitShape<typeof DiscoveryRequestSchema>) =>
  Buffer.from(toBinary(DiscoveryRequestSchema, create(DiscoveryRequestSchema, request)));

describe("requestReader", () => {
  it("reads what a client says", () => {
    const resourceNames = ["a", "long".repeat(100), "b"];
    const request = { typeUrl: TYPE_URLS.route, versionInfo: "v", responseNonce: "7", resourceNames };
    expect(requestReader()(bytesOf({ ...request, node: { id: "me" } }))).toMatchObject({
      ...request,
      resourceNames: new Set(resourceNames),
      node: { id: "me" },
    });
  });

  it.each([
    { name: "an ACK has no error", errorDetail: undefined, expected: undefined },
    { name: "a NACK has its message", errorDetail: { code: 3, message: "no" }, expected: "no" },
    { name: "a NACK without a message has its code", errorDetail: { code: 3 }, expected: "code 3" },
  ])("$name", ({ errorDetail, expected }) => {
    const bytes = bytesOf({ typeUrl: TYPE_URLS.cluster, ...(errorDetail && { errorDetail }) });
    expect(requestReader()(bytes).errorMessage).toBe(expected);
  });

  it("finds names wherever they stand", () => {
    const pieces = [{ resourceNames: ["a"] }, { typeUrl: TYPE_URLS.route }, { resourceNames: ["b"] }];
    const read = requestReader()(Buffer.concat(pieces.map(bytesOf)));
    expect(read).toMatchObject({ typeUrl: TYPE_URLS.route, resourceNames: new Set(["a", "b"]) });
  });

  it("gives equal lists as one set, whoever sent them", () => {
    const read = requestReader();
    const names = (responseNonce: string, resourceNames: string[]) =>
      read(bytesOf({ typeUrl: TYPE_URLS.endpoint, responseNonce, resourceNames })).resourceNames;
    expect(names("1", ["a", "b"])).toBe(names("2", ["a", "b"]));
    expect(names("3", ["a", "c"])).toEqual(new Set(["a", "c"]));
  });

  it("tells lists apart that begin or end alike", () => {
    const read = requestReader();
    const lists = [["a", "b"], ["a"], ["a", "b", "c"], [], ["b"], ["a", "b"], ["a", "bc"], ["b", "a", "b"]];
    for (const list of [...lists, ...lists.toReversed()])
      for (const rest of [{}, { typeUrl: TYPE_URLS.endpoint, responseNonce: "1" }]) {
        const bytes = Buffer.concat([
          bytesOf({ resourceNames: list }),
          bytesOf(rest),
          bytesOf({ resourceNames: list }),
        ]);
        expect(read(bytes).resourceNames).toEqual(new Set(list));
      }
  });

  it.each([
    { name: "a name that ends before it should", bytes: Buffer.from([26, 5, 97]) },
    { name: "no message at all", bytes: Buffer.from([255, 255, 255]) },
  ])("throws at $name", ({ bytes }) => {
    expect(() => requestReader()(bytes)).toThrow();
  });
});
