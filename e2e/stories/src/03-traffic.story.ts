import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { eventually } from "@bookmesh/testkit";
import { ARTICLE, articleDeployed, ask, control, ratingOf, ratings, tryControl } from "./harness/mesh.ts";

const apply = (file: string) => control("apply", "-f", join(ARTICLE, file), "-n", "default");

describe("Discovery: the canary release", () => {
  beforeAll(articleDeployed);

  it("registers two subsets; traffic stays as it was [B4]", async () => {
    expect(await apply("destination-rule-v1-v2.yml")).toBe(
      "destinationrule.networking.istio.io/rating created\n",
    );
    expect(new Set(await ratings(6)).size).toBe(2);
  });

  it("sends everything to version 1 [B5, F1]", async () => {
    expect(await apply("virtual-service-v1.yml")).toBe("virtualservice.networking.istio.io/rating created\n");
    await eventually(async () => expect(await ratings(6)).toEqual([1, 1, 1, 1, 1, 1]));
  });

  it("sends everything to version 2 [B6]", async () => {
    expect(await apply("virtual-service-v2.yml")).toBe(
      "virtualservice.networking.istio.io/rating configured\n",
    );
    await eventually(async () => {
      const seen = await ratings(6);
      expect(new Set(seen).size).toBe(1);
      expect([2, 3, 4, 5]).toContain(seen[0]);
    });
  });

  it("splits 75 to 25, and no request fails while the weights change ten times [B7]", async () => {
    expect(await apply("virtual-service-v1-v2-75-25.yml")).toBe(
      "virtualservice.networking.istio.io/rating configured\n",
    );
    await eventually(async () => expect(await ratings(20)).toContain(1));

    const REQUESTS = 4_000;
    const share = await shareOfVersion1(REQUESTS);
    expect(share.failures).toEqual([]);
    expect(share.fraction).toBeGreaterThan(0.725);
    expect(share.fraction).toBeLessThan(0.775);

    const [during] = await Promise.all([shareOfVersion1(REQUESTS), changeWeights(10)]);
    expect(during.failures).toEqual([]);
    expect(during.requests).toBe(REQUESTS);
  });

  it("goes back to round robin when the rule is deleted [B8]", async () => {
    const printed = await control(
      "delete",
      "-f",
      join(ARTICLE, "virtual-service-v1-v2-75-25.yml"),
      "-n",
      "default",
    );
    expect(printed).toMatch(/^virtualservice\.networking\.istio\.io "rating" deleted/);
    await eventually(async () => {
      const seen = await ratings(8);
      expect(seen.filter((rating) => rating === 1)).toHaveLength(4);
    });
  });

  it("warns of a subset that does not exist and answers 503 on that route alone", async () => {
    const { code, stderr } = await tryControl(["apply", "-f", "-"], ROUTE_TO_MISSING_SUBSET);
    expect(code).toBe(0);
    expect(stderr).toContain("version-v9");
    await eventually(async () => expect(await ratings(3)).toEqual(["503", "503", "503"]));
    expect((await ask("/docs/static/index.html")).status).toBeLessThan(400);
    await control("delete", "virtualservice", "rating", "-n", "default");
    await eventually(async () => expect(new Set(await ratings(6)).has("503")).toBe(false));
  });
});

interface Share {
  readonly requests: number;
  readonly fraction: number;
  readonly failures: readonly string[];
}

/** Asks with four clients at once, none of which ever asks again. */
async function shareOfVersion1(requests: number): Promise<Share> {
  let remaining = requests;
  const seen: (number | string)[] = [];
  const client = async () => {
    while (remaining > 0) {
      remaining -= 1;
      seen.push(ratingOf(await ask("/book/1")));
    }
  };
  await Promise.all([client(), client(), client(), client()]);
  return {
    requests: seen.length,
    fraction: seen.filter((rating) => rating === 1).length / seen.length,
    failures: seen.filter((rating) => typeof rating === "string"),
  };
}

async function changeWeights(times: number): Promise<void> {
  for (let index = 0; index < times; index += 1) {
    await apply(index % 2 === 0 ? "virtual-service-v1.yml" : "virtual-service-v1-v2-75-25.yml");
  }
}

const ROUTE_TO_MISSING_SUBSET = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: rating
  namespace: default
spec:
  hosts: [rating]
  http:
  - route:
    - destination: { host: rating, subset: version-v9 }
`;
