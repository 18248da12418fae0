import { badRequest } from "@bookmesh/cluster-api";
import { isObject, type JsonObject } from "@bookmesh/kube-model";
import { numberField, objectField, textField, type DeleteOptions } from "@bookmesh/registry";
import { parseBody, readBody } from "./body.ts";
import type { Exchange } from "./exchange.ts";

const POLICIES = ["Background", "Foreground", "Orphan"] as const;

/** Reads the options of a delete from its body and its query; the body wins. */
export async function readDeleteOptions({ request, query }: Exchange): Promise<DeleteOptions> {
  const body = await readBody(request);
  const value = body.length === 0 ? {} : parseBody(body, request.headers["content-type"], "DeleteOptions");
  if (!isObject(value)) throw badRequest("the body of a delete must be DeleteOptions");
  return deleteOptionsOf(value, query);
}

/** Reads `DeleteOptions`; what they leave out may stand in the query. */
export function deleteOptionsOf(value: JsonObject, query: URLSearchParams): DeleteOptions {
  const grace = numberField(value, "gracePeriodSeconds") ?? numberParameter(query, "gracePeriodSeconds");
  if (grace !== undefined && grace < 0) throw badRequest("gracePeriodSeconds must not be negative");
  const preconditions = objectField(value, "preconditions");
  const policy = textField(value, "propagationPolicy") ?? query.get("propagationPolicy") ?? "Background";
  const propagationPolicy = POLICIES.find((each) => each === policy);
  if (propagationPolicy === undefined) {
    throw badRequest(
      `propagationPolicy: Unsupported value: ${JSON.stringify(policy)}: supported values: "Background", "Foreground", "Orphan"`,
    );
  }
  const uid = preconditions && textField(preconditions, "uid");
  const resourceVersion = preconditions && textField(preconditions, "resourceVersion");
  return {
    propagationPolicy,
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    dryRun: Array.isArray(value["dryRun"]) && value["dryRun"].includes("All"),
  };
}

function numberParameter(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  if (!/^\d{1,10}$/.test(text)) throw badRequest(`${name} must be a whole number`);
  return Number(text);
}
