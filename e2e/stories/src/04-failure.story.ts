import { beforeAll, describe, expect, it } from "vitest";
import { eventually } from "@bookmesh/testkit";
import { articleDeployed, control, CONTROL_COMMAND, podNames, ratings, tryBookmesh } from "./harness/mesh.ts";

describe("Failure: version 2 misbehaves", () => {
  let ratingV2 = "";

  beforeAll(async () => {
    await articleDeployed();
    [ratingV2 = ""] = await podNames("app.kubernetes.io/version=v2.0.0");
  });

  const inRatingV2 = (url: string) =>
    control("exec", ratingV2, "-c", "rating-service", "-n", "default", "--", "curl", "-s", url);

  it("makes the instance answer 503 [C1]", async () => {
    expect(await inRatingV2("localhost:8080/rate/misbehave")).toBe("Ratings endpoint returns 503 error.");
  });

  it("fails every second call: an application's own 503 is not retried [C2]", async () => {
    await eventually(async () => {
      const seen = await ratings(6);
      expect(seen.filter((rating) => rating === 1)).toHaveLength(3);
      expect(seen.filter((rating) => rating === "503")).toHaveLength(3);
    });
  });

  it("counts the requests in its log", async () => {
    expect(await control("logs", ratingV2, "-c", "rating-service", "-n", "default")).toMatch(
      /^Request \d+$/m,
    );
  });

  it("behaves again [C7]", async () => {
    expect(await inRatingV2("localhost:8080/rate/behave")).toBe("Back to normal");
    await eventually(async () => expect(await ratings(6)).not.toContain("503"));
  });

  it("takes the article's form of exec, without the two dashes", async () => {
    const { code, stdout } = await tryBookmesh([
      "exec",
      "-ti",
      ratingV2,
      "-c",
      "rating-service",
      "-n",
      "default",
      "curl",
      "localhost:8080/rate/behave",
    ]);
    expect([code, stdout]).toEqual([0, "Back to normal"]);
  });

  it("passes on the exit code of a command", async () => {
    const { code } = await tryBookmesh([
      "exec",
      ratingV2,
      "-c",
      "rating-service",
      "--",
      "sh",
      "-c",
      "exit 7",
    ]);
    expect(code, `with bookmesh; the stories' command is ${CONTROL_COMMAND}`).toBe(7);
  });
});
