import { describe, expect, it } from "vitest";
import { ratingService } from "./rating-service.ts";
import { v1Ratings, v2Ratings } from "./ratings.ts";

const service = () => ratingService({ version: "v1", ratings: v1Ratings, logFormat: "text" });

describe("v2Ratings", () => {
  it.each([
    { name: "the lowest draw", draw: 0, rating: 2 },
    { name: "the highest draw", draw: 0.999, rating: 5 },
  ])("never gives 1: $name", ({ draw, rating }) => {
    expect(v2Ratings(() => draw)(7)).toBe(rating);
  });

  it("keeps a book's rating", () => {
    const draws = [0, 0.9];
    const ratings = v2Ratings(() => draws.shift() ?? 0.5);
    expect([ratings(1), ratings(1), ratings(2)]).toEqual([2, 2, 5]);
  });
});

describe("ratingService", () => {
  it("rates a book", async () => {
    const answer = await (await service()).inject("/rate/1");
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe('{"bookId":1,"rating":1}');
  });

  it("answers 503 with an empty body from misbehave to behave", async () => {
    const app = await service();
    const misbehave = await app.inject("/rate/misbehave");
    expect([misbehave.statusCode, misbehave.body]).toEqual([200, "Ratings endpoint returns 503 error."]);
    const ill = await app.inject("/rate/1");
    expect([ill.statusCode, ill.body]).toEqual([503, ""]);
    expect((await app.inject("/rate/behave")).body).toBe("Back to normal");
    expect((await app.inject("/rate/1")).statusCode).toBe(200);
  });

  it.each(["0", "-1", "01", "1.5", "abc", "9999999999", "1e3"])("refuses the id %s", async (id) => {
    const answer = await (await service()).inject(`/rate/${id}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
  });
});
