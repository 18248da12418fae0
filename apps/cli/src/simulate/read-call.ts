import type { Call } from "@bookmesh/simulation";
import { UsageError } from "../failures.ts";

/** Reads `GET http://rating:8080/rate/1`, or the URL alone, and headers such as `tester: yes`. */
export function readCall(request: string, headers: readonly string[]): Call {
  const words = request.trim().split(/\s+/);
  const [method = "GET", url = ""] = words.length === 1 ? ["GET", request.trim()] : words;
  if (words.length > 2 || !/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new UsageError(`"${request}" is no request such as "GET http://rating:8080/rate/1".`);
  return { method: method.toUpperCase(), url, headers: Object.fromEntries(headers.map(readHeader)) };
}

function readHeader(text: string): readonly [name: string, value: string] {
  const colon = text.indexOf(":");
  if (colon < 1) throw new UsageError(`"${text}" is no header such as "tester: yes".`);
  return [text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()];
}
