import { seededRandom } from "@bookmesh/testkit";
import { describe } from "vitest";
import { itIsALoadBalancer } from "./load-balancer.contract.ts";
import { randomHost } from "./random-host.ts";

describe("randomHost", () => {
  itIsALoadBalancer(() => randomHost(seededRandom(1)));
});
