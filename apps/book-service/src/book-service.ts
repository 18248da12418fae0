import { httpService, ID_PARAMS, PROBLEM_SCHEMA, sendProblem, type LogFormat } from "@bookmesh/http-service";
import type { FastifyInstance } from "fastify";
import { findBook } from "./books.ts";
import type { RatingClient } from "./rating-client.ts";
import { traceHeadersOf } from "./trace-headers.ts";

/** What the book service needs. */
export interface BookServiceOptions {
  readonly rate: RatingClient;
  readonly logFormat: LogFormat;
}

const BOOK_SCHEMA = {
  type: "object",
  required: ["bookId", "name", "rating"],
  properties: { bookId: { type: "integer" }, name: { type: "string" }, rating: { type: "integer" } },
} as const;

/** The book service: `/book/{id}`, a book of the catalogue with the rating that the rating service gives it. */
export function bookService({ rate, logFormat }: BookServiceOptions): Promise<FastifyInstance> {
  return httpService(
    { name: "book-service", version: "v1", description: "Shows books and their ratings.", logFormat },
    (app) => {
      app.get<{ Params: { id: string } }>(
        "/book/:id",
        {
          schema: {
            summary: "A book and its rating",
            params: ID_PARAMS,
            response: {
              200: BOOK_SCHEMA,
              400: PROBLEM_SCHEMA,
              404: PROBLEM_SCHEMA,
              503: { type: "null", description: "The rating service does not answer." },
            },
          },
        },
        async (request, reply) => {
          const book = findBook(Number(request.params.id));
          if (book === undefined) return sendProblem(reply, 404, `There is no book ${request.params.id}.`);
          try {
            const rating = await rate(book.bookId, traceHeadersOf(request.headers));
            return await reply.send({ ...book, rating });
          } catch (error) {
            request.log.warn(error);
            return await reply.code(503).send();
          }
        },
      );
    },
  );
}
