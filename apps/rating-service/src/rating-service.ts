import { httpService, ID_PARAMS, logLine, PROBLEM_SCHEMA, type LogFormat } from "@bookmesh/http-service";
import type { FastifyInstance } from "fastify";
import type { Ratings } from "./ratings.ts";

/** What makes one rating service differ from another. */
export interface RatingServiceOptions {
  readonly version: string;
  readonly ratings: Ratings;
  readonly logFormat: LogFormat;
}

/** The service's whole state: how many ratings it was asked for, and whether it is ill. */
interface Health {
  requests: number;
  misbehaves: boolean;
}

const RATE_SCHEMA = {
  summary: "The rating of a book",
  params: ID_PARAMS,
  response: {
    200: {
      type: "object",
      required: ["bookId", "rating"],
      properties: { bookId: { type: "integer" }, rating: { type: "integer", minimum: 1, maximum: 5 } },
    },
    400: PROBLEM_SCHEMA,
    503: { type: "null", description: "The service misbehaves." },
  },
} as const;

/** The rating service: `/rate/{id}`, and two switches that make it ill and well again. */
export function ratingService(options: RatingServiceOptions): Promise<FastifyInstance> {
  const { version, logFormat } = options;
  const health: Health = { requests: 0, misbehaves: false };
  return httpService(
    { name: "rating-service", version, description: "Rates books from 1 to 5.", logFormat },
    (app) => {
      rate(app, health, options);
      switchTo(app, health, {
        path: "/rate/misbehave",
        summary: "From now on answer 503",
        misbehaves: true,
        answer: "Ratings endpoint returns 503 error.",
      });
      switchTo(app, health, {
        path: "/rate/behave",
        summary: "Answer again",
        misbehaves: false,
        answer: "Back to normal",
      });
    },
  );
}

function rate(app: FastifyInstance, health: Health, { ratings, logFormat }: RatingServiceOptions): void {
  app.get<{ Params: { id: string } }>("/rate/:id", { schema: RATE_SCHEMA }, (request, reply) => {
    health.requests += 1;
    logLine(app, logFormat, `Request ${health.requests}`);
    if (health.misbehaves) return reply.code(503).send();
    const bookId = Number(request.params.id);
    return reply.send({ bookId, rating: ratings(bookId) });
  });
}

function switchTo(
  app: FastifyInstance,
  health: Health,
  {
    path,
    summary,
    misbehaves,
    answer,
  }: {
    readonly path: string;
    readonly summary: string;
    readonly misbehaves: boolean;
    readonly answer: string;
  },
): void {
  app.get(path, { schema: { summary, produces: ["text/plain"] } }, (_request, reply) => {
    health.misbehaves = misbehaves;
    return reply.type("text/plain; charset=utf-8").send(answer);
  });
}
