import { createServer, type Server, type ServerResponse } from "node:http";
import { networkInterfaces } from "node:os";
import { Wait } from "testcontainers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { imageOf, type Image } from "../images.ts";
import { endContainer, runImage } from "./run-image.ts";

const PORT = 8_080;
const SERVICES = [
  { id: "book-service", path: "/book/1", answer: { bookId: 1, rating: 4 } },
  { id: "rating-service-v1", path: "/rate/1", answer: { rating: expect.any(Number) as number } },
  { id: "rating-service-v2", path: "/rate/1", answer: { rating: expect.any(Number) as number } },
];

describe.skipIf(process.env["IMAGES_ENGINE"] === "none")("images of services", () => {
  let rating: SlowRating;
  beforeEach(async () => {
    rating = await slowRating();
  });
  afterEach(() => rating.close());

  const start = async (image: Image) =>
    await runImage(image, {
      command: [],
      env: { RATING_URL: rating.url },
      ready: Wait.forHttp("/readyz", PORT),
    });

  it.each(SERVICES)(
    "$id serves as a user of its own that can write nothing, and logs JSON",
    async (service) => {
      const container = await start(imageOf(service.id));
      const url = `http://${container.getHost()}:${container.getMappedPort(PORT)}`;
      const answer = fetch(url + service.path);
      rating.release();
      expect(await (await answer).json()).toMatchObject(service.answer);
      expect((await fetch(`${url}/docs/`)).status).toBe(200);
      expect((await container.exec(["id", "-u"])).output.trim()).toBe("1000");
      expect((await container.exec(["touch", "/app/file"])).exitCode).not.toBe(0);
      expect((await container.exec(["curl", "-s", `localhost:${PORT}/livez`])).output).toBe(
        '{"status":"UP"}',
      );

      const { exitCode, log } = await endContainer(container);
      expect(exitCode).toBe(0);
      for (const line of log.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("msg");
    },
  );

  it("book-service answers what it has begun when it is told to end", async () => {
    const container = await start(imageOf("book-service"));
    const answer = fetch(`http://${container.getHost()}:${container.getMappedPort(PORT)}/book/1`);
    await rating.asked;
    const ended = endContainer(container);
    rating.release();
    expect((await answer).status).toBe(200);
    expect((await ended).exitCode).toBe(0);
  });
});

interface SlowRating {
  readonly url: string;
  /** Settles when the first question has come. */
  readonly asked: Promise<void>;
  /** Lets it answer, what waits and what comes. */
  release(): void;
  close(): Promise<void>;
}

/** A rating service on this machine that answers when it is let. */
async function slowRating(): Promise<SlowRating> {
  const asked = Promise.withResolvers<undefined>();
  const released = Promise.withResolvers<undefined>();
  const server = createServer((_request, response) => {
    asked.resolve(undefined);
    void released.promise.then(() => answerRating(response));
  });
  await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
  return {
    url: `http://${machineAddress()}:${portOf(server)}`,
    asked: asked.promise,
    release: () => released.resolve(undefined),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function answerRating(response: ServerResponse): void {
  response.setHeader("content-type", "application/json");
  response.setHeader("connection", "close");
  response.end('{"rating":4}');
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}

/** An address of this machine that containers reach too. */
function machineAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((of) => of ?? []);
  return addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
}
