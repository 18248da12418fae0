import { get, type IncomingMessage } from "node:http";

/** Asks for the rating of a book; throws where there is none to be had. */
export type RatingClient = (bookId: number, headers: Readonly<Record<string, string>>) => Promise<number>;

/** A rating is a few bytes; whoever sends more is not the rating service. */
const MAX_ANSWER_BYTES = 4_096;
const TIMEOUT_MS = 30_000;

/** Calls the rating service at `baseUrl` by its name; where it runs is the platform's business. */
export function ratingClient(baseUrl: string): RatingClient {
  return async (bookId, headers) => {
    const answer = await open(`${baseUrl}/rate/${bookId}`, headers);
    if (answer.statusCode !== 200) {
      answer.resume();
      throw new Error(`The rating service answered ${answer.statusCode ?? 0}.`);
    }
    return ratingOf(await bodyOf(answer));
  };
}

function open(url: string, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, timeout: TIMEOUT_MS }, resolve);
    request.on("timeout", () => request.destroy(new Error(`No rating within ${TIMEOUT_MS} ms.`)));
    request.on("error", reject);
  });
}

async function bodyOf(answer: AsyncIterable<Buffer>): Promise<string> {
  let body = "";
  for await (const chunk of answer) {
    body += chunk.toString("utf8");
    if (body.length > MAX_ANSWER_BYTES) throw new Error("The rating service answered too much.");
  }
  return body;
}

function ratingOf(body: string): number {
  const answer: unknown = JSON.parse(body);
  if (
    typeof answer === "object" &&
    answer !== null &&
    "rating" in answer &&
    typeof answer.rating === "number"
  ) {
    return answer.rating;
  }
  throw new Error("The rating service answered without a rating.");
}
