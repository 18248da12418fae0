import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import fastify, { LogController, type FastifyInstance } from "fastify";
import { problemReplies } from "./problem.ts";

/** How a service writes its log: a JSON object a line, or bare sentences as the article prints them. */
export type LogFormat = "json" | "text";

/** What a service says of itself. */
export interface ServiceDescription {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly logFormat: LogFormat;
}

/** The schema of path parameters `{ id }`: a positive whole number, as a string of digits. */
export const ID_PARAMS = {
  type: "object",
  required: ["id"],
  properties: { id: { type: "string", pattern: "^[1-9][0-9]{0,8}$", examples: ["1"] } },
} as const;

/** Routes for machines stay out of the document for people. */
const UNLISTED = { hide: true } as const;

/**
 * An HTTP service with what every service of ours has: an OpenAPI document (`/openapi.json`) and its page (`/docs`),
 * liveness (`/livez`) and readiness (`/readyz`), problem documents (RFC 9457) for whatever goes wrong. Routes are added
 * by `routes`, which runs after the documentation is set up, so that it sees them.
 */
export async function httpService(
  { name, version, description, logFormat }: ServiceDescription,
  routes: (app: FastifyInstance) => void,
): Promise<FastifyInstance> {
  const app = fastify({
    logger: logFormat === "json" ? { name, level: process.env["LOG_LEVEL"] ?? "info" } : false,
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: "x-request-id",
    forceCloseConnections: "idle",
  });
  await app.register(swagger, { openapi: { openapi: "3.1.0", info: { title: name, version, description } } });
  await app.register(swaggerUi, { routePrefix: "/docs" });
  problemReplies(app);
  await app.register((scope: FastifyInstance, _options, done) => {
    scope.get("/openapi.json", { schema: UNLISTED }, () => app.swagger());
    scope.get("/livez", { schema: UNLISTED }, () => ({ status: "UP" }));
    scope.get("/readyz", { schema: UNLISTED }, () => ({ status: "UP" }));
    routes(scope);
    done();
  });
  return app;
}

/** Writes one line of the service's log. */
export function logLine(app: FastifyInstance, format: LogFormat, sentence: string): void {
  if (format === "json") app.log.info(sentence);
  else process.stdout.write(`${sentence}\n`);
}
