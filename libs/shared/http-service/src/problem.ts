import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";

/** A problem document. Source: RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

/** The schema of a `Problem`, for a route's `response`. */
export const PROBLEM_SCHEMA = {
  type: "object",
  required: ["type", "title", "status", "detail"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
  },
} as const;

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
};

/** Answers with a problem document. */
export function sendProblem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  const problem: Problem = { type: "about:blank", title: TITLES[status] ?? "Error", status, detail };
  return reply.code(status).type("application/problem+json").send(JSON.stringify(problem));
}

/** Makes `app` answer unknown paths, bad input and its own failures with problem documents. */
export function problemReplies(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => sendProblem(reply, 404, `There is nothing at ${request.url}.`));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error(error);
    return sendProblem(reply, status, status >= 500 ? "The service failed." : `${sentence(error.message)}.`);
  });
}

function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1).replace(/\.$/, "");
}
