import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, hasProgram } from "@bookmesh/testkit";
import {
  ADDRESS,
  ARTICLE,
  articleDeployed,
  ask,
  BOOK_PORT,
  bookmesh,
  control,
  podNames,
  podsReady,
  ratings,
  readList,
  tryControl,
} from "./harness/mesh.ts";
import { run } from "./harness/run.ts";

const CLIENTS = 4;
const REQUESTS_PER_CLIENT = 10;
const RATING_V2 = "app.kubernetes.io/version=v2.0.0";

const apply = (file: string) => control("apply", "-f", join(ARTICLE, file), "-n", "default");

describe("Resiliency: the caller does not notice", () => {
  let ratingV2 = "";
  let home = "";

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "siege-")); // siege writes its settings there
    await articleDeployed();
    [ratingV2 = ""] = await podNames(RATING_V2);
    expect(await inRatingV2("localhost:8080/rate/misbehave")).toBe("Ratings endpoint returns 503 error.");
  });

  afterAll(async () => {
    rmSync(home, { recursive: true });
    await inRatingV2("localhost:8080/rate/behave");
    await control(
      "delete",
      "virtualservice,destinationrule",
      "rating",
      "-n",
      "default",
      "--ignore-not-found",
    );
  });

  const inRatingV2 = (url: string) =>
    control("exec", ratingV2, "-c", "rating-service", "-n", "default", "--", "curl", "-s", url);

  /** How many requests version 2 has counted in its log. */
  const requestsOfV2 = async () => {
    const log = await control("logs", ratingV2, "-c", "rating-service", "-n", "default");
    return Number(/Request (\d+)\s*$/.exec(log.trim())?.[1] ?? 0);
  };

  it("retries at the other instance: nobody sees the failure any more [C3]", async () => {
    expect(await apply("virtual-service-retry.yml")).toBe(
      "virtualservice.networking.istio.io/rating created\n",
    );
    await eventually(async () => expect(await ratings(12)).toEqual(Array.from({ length: 12 }, () => 1)));
  });

  it.for([
    { name: "with the article's pauses", options: ["-d", "1"], atLeast: 1, atMost: 40 },
    { name: "without pauses", options: ["-b"], atLeast: 12, atMost: 40 },
  ])(
    "serves the article's siege $name, at version 2's cost [C4]",
    async ({ options, ...bounds }, { skip }) => {
      if (!hasProgram("siege")) skip("There is no siege on the path.");
      const before = await requestsOfV2();
      expect(await siege(options)).toMatchObject({ transactions: 40, availability: 100, failed: 0 });
      await eventually(async () => {
        const grown = (await requestsOfV2()) - before;
        expect(grown).toBeGreaterThanOrEqual(bounds.atLeast);
        expect(grown).toBeLessThanOrEqual(bounds.atMost);
      });
    },
  );

  it("serves forty requests of four clients without a failure, with whichever client [C4]", async () => {
    const client = async () => {
      for (let asked = 0; asked < REQUESTS_PER_CLIENT; asked += 1)
        expect(await ask("/book/1")).toEqual({
          status: 200,
          body: '{"bookId":1,"name":"Book 1","rating":1}',
        });
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
  });

  it("takes the article's breaker as printed, and warns that its subsets select no pod [C5, B10]", async () => {
    const file = join(ARTICLE, "destination-rule-circuit-breaker.yml");
    const { code, stdout, stderr } = await tryControl(["apply", "-f", file, "-n", "default"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^destinationrule\.networking\.istio\.io\/rating (created|configured)$/m);
    expect(stderr).toMatch(/Warning: .*version-v1/);
    expect(stderr).toMatch(/Warning: .*version-v2/);
  });

  it("opens the breaker at the first failure: version 2 is left in peace [C5]", async () => {
    await eventually(async () => {
      await ratings(2);
      expect(await outlierCheckOf(ratingV2)).toBe("FAILED");
    });
    const before = await requestsOfV2();
    await ratings(10);
    expect(await requestsOfV2()).toBe(before);
  });

  it("serves the article's siege; version 2 sees at most one request a client [C5]", async ({ skip }) => {
    if (!hasProgram("siege")) skip("There is no siege on the path.");
    const before = await requestsOfV2();
    expect(await siege(["-d", "1"])).toMatchObject({ transactions: 40, availability: 100, failed: 0 });
    expect((await requestsOfV2()) - before).toBeLessThanOrEqual(CLIENTS);
  });

  it("counts the ejection among the sidecar's metrics [C5]", async () => {
    const active = await outlierMetrics("ejections_active");
    expect(active.filter((line) => line.endsWith(" 1"))).toHaveLength(1);
    expect(active.filter((line) => !line.endsWith(" 0"))).toHaveLength(1);
  });

  it("lets the instance back after its time; an error ejects it again, a success closes the breaker [C5, C7]", async () => {
    await shortenEjections();
    await freshInstance();
    // Ejections are counted, not watched: one of them may be over before a command has shown it.
    const isEjectedOnceMore = async () => {
      const before = await ejectionsOfRating();
      await eventually(
        async () => {
          await ratings(2);
          expect(await ejectionsOfRating()).toBeGreaterThan(before);
        },
        { timeoutMs: 30_000 },
      );
    };
    await isEjectedOnceMore();
    await eventually(async () => expect(await outlierCheckOf(ratingV2)).toBe("OK"), { timeoutMs: 30_000 });
    await isEjectedOnceMore();
    expect(await inRatingV2("localhost:8080/rate/behave")).toBe("Back to normal");
    await eventually(
      async () => {
        const seen = await ratings(8);
        expect(seen.filter((rating) => rating === 1)).toHaveLength(4);
        expect(seen).not.toContain("503");
      },
      { timeoutMs: 30_000 },
    );
  });

  /** Another instance of version 2 that misbehaves: an ejection keeps the time that was the rule's when it began. */
  async function freshInstance(): Promise<void> {
    await control("delete", "pod", ratingV2, "-n", "default");
    await eventually(async () => expect(await podNames(RATING_V2)).not.toContain(ratingV2), {
      timeoutMs: 60_000,
    });
    await podsReady(RATING_V2, 1);
    [ratingV2 = ""] = await podNames(RATING_V2);
    await inRatingV2("localhost:8080/rate/misbehave");
  }

  async function siege(options: readonly string[]): Promise<Siege> {
    const url = `http://${ADDRESS}:${BOOK_PORT}/book/1`;
    const args = [
      "-r",
      String(REQUESTS_PER_CLIENT),
      "-c",
      String(CLIENTS),
      ...options,
      "--json-output",
      "--no-parser",
      url,
    ];
    const { stdout, stderr } = await run("siege", args, { env: { ...process.env, HOME: home } });
    return siegeReport(stdout + stderr);
  }
});

/** What siege reports at its end. */
interface Siege {
  readonly transactions: number;
  readonly availability: number;
  readonly failed: number;
}

function siegeReport(printed: string): Siege {
  const figure = (name: string) => Number(new RegExp(`"${name}":\\s*([0-9.]+)`).exec(printed)?.[1] ?? NaN);
  return {
    transactions: figure("transactions"),
    availability: figure("availability"),
    failed: figure("failed_transactions"),
  };
}

/** How book-service's sidecar judges an instance of rating. */
async function outlierCheckOf(pod: string): Promise<string> {
  const [book = ""] = await podNames("app.kubernetes.io/name=book-service");
  const found = (await readList(["get", "pods", "-n", "default"])).find(
    ({ metadata }) => metadata.name === pod,
  );
  const table = await bookmesh(
    ...["proxy-config", "endpoints", `${book}.default`],
    ...["--cluster", "outbound|8080||rating.default.svc.cluster.local"],
  );
  const row = table.split("\n").find((line) => line.startsWith(`${found?.status?.podIP ?? ""}:8080`)) ?? "";
  const [, , outlierCheck = ""] = row.split(/\s{2,}/);
  return outlierCheck;
}

/** The lines of book-service's sidecar that count something of its breakers for rating's clusters. */
async function outlierMetrics(name: string): Promise<readonly string[]> {
  const [book = ""] = await podNames("app.kubernetes.io/name=book-service");
  const printed = await control(
    ...["exec", book, "-c", "istio-proxy", "-n", "default", "--"],
    ...["sidecar-proxy", "request", "GET", "/stats/prometheus"],
  );
  const start = `envoy_cluster_outlier_detection_${name}{`;
  return printed.split("\n").filter((line) => line.startsWith(start) && line.includes("|rating.default."));
}

/** How often an instance of rating has been ejected from the cluster of all its versions. */
async function ejectionsOfRating(): Promise<number> {
  const counts = await outlierMetrics("ejections_enforced_total");
  const ofAllVersions = counts.find((line) => line.includes("outbound|8080||rating."));
  return Number(ofAllVersions?.split(" ").at(-1));
}

/** The article's breaker with times that a test can wait for. */
async function shortenEjections(): Promise<void> {
  const printed = readFileSync(join(ARTICLE, "destination-rule-circuit-breaker.yml"), "utf8");
  const shortened = printed
    .replace("baseEjectionTime: 3m", "baseEjectionTime: 1s")
    .replace("interval: 1s", "interval: 500ms");
  expect(await tryControl(["apply", "-n", "default", "-f", "-"], shortened)).toMatchObject({ code: 0 });
}
