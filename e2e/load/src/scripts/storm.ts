// Readers while version 2 fails: retries and the breaker keep the failure from them, and the load from version 2.
import type { Options } from "k6/options";
import { readBook, readersAt, summaryFile } from "./readers.ts";

export const options: Options = {
  scenarios: readersAt(100, 20),
  thresholds: { checks: ["rate>0.999"], http_req_duration: ["p(95)<1000"] },
};

export default readBook;
export const handleSummary = summaryFile;
