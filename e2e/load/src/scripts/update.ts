// Readers while every service is updated: no request may fail.
import type { Options } from "k6/options";
import { readBook, readersAt, summaryFile } from "./readers.ts";

export const options: Options = {
  scenarios: readersAt(50, 45),
  thresholds: { checks: ["rate==1"], http_req_failed: ["rate==0"] },
};

export default readBook;
export const handleSummary = summaryFile;
