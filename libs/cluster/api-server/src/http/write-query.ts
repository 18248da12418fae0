import { badRequest } from "@bookmesh/cluster-api";
import type { RequestContext } from "@bookmesh/registry";
import type { Exchange } from "./exchange.ts";

const VALIDATIONS = ["Strict", "Warn", "Ignore"] as const;

/** Reads what the query of a write says: `dryRun`, `fieldValidation`, `fieldManager`, `force`. */
export function requestContext(exchange: Exchange, dryRunInBody = false): RequestContext {
  const { query, caller, request, warnings } = exchange;
  const dryRun = query.getAll("dryRun").filter((each) => each !== "");
  if (dryRun.some((each) => each !== "All")) {
    throw badRequest(`Invalid value: ${JSON.stringify(dryRun)}: supported values: "All"`);
  }
  const asked = query.get("fieldValidation") ?? "";
  const fieldValidation = asked === "" ? "Warn" : VALIDATIONS.find((each) => each === asked);
  if (fieldValidation === undefined) {
    throw badRequest(
      `fieldValidation: Unsupported value: ${JSON.stringify(asked)}: supported values: "", "Ignore", "Strict", "Warn"`,
    );
  }
  return {
    caller,
    dryRun: dryRun.length > 0 || dryRunInBody,
    fieldManager: query.get("fieldManager") ?? managerOf(request.headers["user-agent"]),
    fieldValidation,
    force: query.get("force") === "true",
    warn: (message) => void warnings.push(message),
  };
}

/** Whoever does not name itself is known by its program: `kubectl/v1.34 …` is `kubectl`. */
function managerOf(userAgent = "unknown"): string {
  return userAgent.split("/")[0] ?? "unknown";
}
