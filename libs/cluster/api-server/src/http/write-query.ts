import { invalid, type ApiError } from "@bookmesh/cluster-api";
import type { RequestContext } from "@bookmesh/registry";
import type { Exchange } from "./exchange.ts";

/** The kind of the options that the query of a write stands for. */
const OPTIONS: Readonly<Record<string, string>> = {
  PUT: "UpdateOptions",
  PATCH: "PatchOptions",
  DELETE: "DeleteOptions",
};

const VALIDATIONS = ["Strict", "Warn", "Ignore"] as const;

/** Reads what the query of a write says: `dryRun`, `fieldValidation`, `fieldManager`, `force`. */
export function requestContext(exchange: Exchange, dryRunInBody = false): RequestContext {
  const { query, caller, request, warnings } = exchange;
  const dryRun = query.getAll("dryRun").filter((each) => each !== "");
  if (dryRun.some((each) => each !== "All")) {
    throw refused(
      exchange,
      "dryRun",
      `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`,
    );
  }
  const asked = query.get("fieldValidation") ?? "";
  const fieldValidation = asked === "" ? "Warn" : VALIDATIONS.find((each) => each === asked);
  if (fieldValidation === undefined) {
    const supported = `supported values: "", "Ignore", "Strict", "Warn"`;
    throw refused(exchange, "fieldValidation", `Unsupported value: ${JSON.stringify(asked)}: ${supported}`);
  }
  const isApply = request.headers["content-type"]?.startsWith("application/apply-patch+") === true;
  const manager = query.get("fieldManager") ?? "";
  if (isApply && manager === "")
    throw refused(exchange, "fieldManager", "Required value: is required for apply patch");
  return {
    options: {
      ...(dryRun.length > 0 && { dryRun }),
      ...(manager !== "" && { fieldManager: manager }),
      ...(asked !== "" && { fieldValidation: asked }),
    },
    caller,
    dryRun: dryRun.length > 0 || dryRunInBody,
    fieldManager: manager === "" ? managerOf(request.headers["user-agent"]) : manager,
    fieldValidation,
    force: query.get("force") === "true",
    warn: (message) => void warnings.push(message),
  };
}

function refused({ request }: Exchange, field: string, message: string): ApiError {
  const options = { group: "meta.k8s.io", kind: OPTIONS[request.method ?? ""] ?? "CreateOptions" };
  const reason = message.startsWith("Required") ? "FieldValueRequired" : "FieldValueNotSupported";
  return invalid(options, "", [{ reason, message, field }]);
}

/** Whoever does not name itself is known by its program: `kubectl/v1.34 …` is `kubectl`. */
function managerOf(userAgent = "unknown"): string {
  return userAgent.split("/")[0] ?? "unknown";
}
