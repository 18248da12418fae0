import { check } from "k6";
import http from "k6/http";
import { Counter } from "k6/metrics";

const BASE_URL = __ENV["BASE_URL"] ?? "http://127.0.0.1:31304";
/** Where the summary goes; k6 writes what `handleSummary` returns to the files that its keys name. */
const SUMMARY_FILE = __ENV["SUMMARY_FILE"] ?? "summary.json";

const ratingsOfVersion1 = new Counter("ratings_of_version_1");
const ratingsOfVersion2 = new Counter("ratings_of_version_2");

/** k6's executor `constant-arrival-rate`. */
interface SteadyRate {
  executor: "constant-arrival-rate";
  rate: number;
  timeUnit: "1s";
  duration: string;
  preAllocatedVUs: number;
  maxVUs: number;
}

/** Readers who come at a steady rate, however long they are served. */
export function readersAt(perSecond: number, seconds: number): Readonly<Record<string, SteadyRate>> {
  return {
    readers: {
      executor: "constant-arrival-rate",
      rate: perSecond,
      timeUnit: "1s",
      duration: `${seconds}s`,
      preAllocatedVUs: 20,
      maxVUs: 200,
    },
  };
}

/** One reader asks for a book once, and looks at what comes. */
export function readBook(): void {
  const { status, body } = http.get(`${BASE_URL}/book/1`);
  const text = typeof body === "string" ? body : "";
  const rating = /"rating":(\d+)/.exec(text)?.[1];
  check(status, { "the book comes": (code) => code === 200 });
  if (rating === "1") ratingsOfVersion1.add(1);
  else if (rating !== undefined) ratingsOfVersion2.add(1);
}

/** Hands k6's figures to the program that started it. */
export function summaryFile(data: unknown): Record<string, string> {
  return { [SUMMARY_FILE]: JSON.stringify(data) };
}
