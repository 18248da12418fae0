import { describe, expect, it } from "vitest";
import { transportProblem } from "./transport-problem.ts";

describe("transportProblem", () => {
  it.each([
    {
      name: "a closed port",
      error: "connect ECONNREFUSED 10.0.0.1:9",
      told: "dial tcp 10.0.0.1:9: connect: connection refused",
    },
    {
      name: "a name that there is not",
      error: "getaddrinfo ENOTFOUND hook.example",
      told: "dial tcp: lookup hook.example: no such host",
    },
    {
      name: "an authority that is not the bundle's",
      error: "unable to verify the first certificate; if the root CA is installed locally, try …",
      told: "tls: failed to verify certificate: x509: certificate signed by unknown authority",
    },
    { name: "anything else as it is", error: "socket hang up", told: "socket hang up" },
  ])("tells of $name", ({ error, told }) => {
    expect(transportProblem(new Error(error))).toBe(told);
  });
});
