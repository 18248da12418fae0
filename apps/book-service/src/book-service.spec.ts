import { describe, expect, it } from "vitest";
import { bookService } from "./book-service.ts";

const rated = () => bookService({ rate: () => Promise.resolve(1), logFormat: "text" });
const unrated = () => bookService({ rate: () => Promise.reject(new Error("ill")), logFormat: "text" });

describe("bookService", () => {
  it("shows a book with its rating in 39 bytes", async () => {
    const { statusCode, body } = await (await rated()).inject("/book/1");
    expect([statusCode, body]).toEqual([200, '{"bookId":1,"name":"Book 1","rating":1}']);
    expect(body).toHaveLength(39);
  });

  it("answers 503 with an empty body when there is no rating", async () => {
    const { statusCode, body } = await (await unrated()).inject("/book/1");
    expect([statusCode, body]).toEqual([503, ""]);
  });

  it.each([
    { path: "/book/11", status: 404 },
    { path: "/book/one", status: 400 },
    { path: "/book/0", status: 400 },
    { path: "/nothing", status: 404 },
  ])("answers $path with a problem document", async ({ path, status }) => {
    const answer = await (await rated()).inject(path);
    expect(answer.json()).toMatchObject({ status, type: "about:blank" });
    expect(answer.headers["content-type"]).toContain("application/problem+json");
  });

  it("sends on the trace headers and no others", async () => {
    const seen: Readonly<Record<string, string>>[] = [];
    const app = await bookService({
      rate: (_id, headers) => Promise.resolve(seen.push(headers)),
      logFormat: "text",
    });
    const headers = { traceparent: "00-1-2-01", b3: "0", "x-request-id": "7", cookie: "secret" };
    await app.inject({ url: "/book/1", headers });
    expect(seen).toEqual([{ traceparent: "00-1-2-01", b3: "0", "x-request-id": "7" }]);
  });

  it.each(["/docs", "/openapi.json", "/livez", "/readyz"])("serves %s", async (path) => {
    const { statusCode } = await (await rated()).inject(path);
    expect(statusCode).toBe(200);
  });
});
