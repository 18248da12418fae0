// Readers while traffic is shifted from version 1 to version 2 and back: nobody may notice.
import type { Options } from "k6/options";
import { readBook, readersAt, summaryFile } from "./readers.ts";

export const options: Options = {
  scenarios: readersAt(100, 30),
  thresholds: { checks: ["rate==1"], http_req_failed: ["rate==0"], http_req_duration: ["p(95)<1000"] },
};

export default readBook;
export const handleSummary = summaryFile;
