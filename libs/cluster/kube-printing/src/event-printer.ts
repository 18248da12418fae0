import { at, numberOf, objectOf, textOf, type JsonObject } from "@bookmesh/kube-model";
import { printerOf } from "./cells.ts";
import { humanAge } from "./human-duration.ts";

/** Events of both API groups, which name the same facts differently. */
export const EVENT_PRINTER = printerOf([
  { name: "Last Seen", value: (event, nowMs) => humanAge(lastSeen(event), nowMs) },
  { name: "Type", value: (event) => textOf(event["type"]) },
  { name: "Reason", value: (event) => textOf(event["reason"]) },
  { name: "Object", value: (event) => objectName(subject(event)) },
  { name: "Subobject", wide: true, value: (event) => textOf(subject(event)["fieldPath"]) },
  { name: "Source", wide: true, value: (event) => sourceOf(event) },
  { name: "Message", value: (event) => textOf(event["message"] ?? event["note"]).trim() },
  { name: "First Seen", wide: true, value: (event, nowMs) => humanAge(firstSeen(event), nowMs) },
  { name: "Count", wide: true, value: (event) => countOf(event) },
  { name: "Name", format: "name", wide: true, value: ({ metadata }) => metadata.name },
]);

function subject(event: JsonObject): JsonObject {
  return objectOf(event["involvedObject"] ?? event["regarding"]);
}

function objectName({ kind, name }: JsonObject): string {
  const lower = textOf(kind).toLowerCase();
  return textOf(name) === "" ? lower : `${lower}/${textOf(name)}`;
}

function firstSeen(event: JsonObject): unknown {
  return event["firstTimestamp"] ?? event["deprecatedFirstTimestamp"] ?? event["eventTime"];
}

function lastSeen(event: JsonObject): unknown {
  return (
    at(event, "series", "lastObservedTime") ??
    event["lastTimestamp"] ??
    event["deprecatedLastTimestamp"] ??
    firstSeen(event)
  );
}

function countOf(event: JsonObject): number {
  const count = at(event, "series", "count") ?? event["count"] ?? event["deprecatedCount"];
  return numberOf(count) || 1;
}

function sourceOf(event: JsonObject): string {
  const source = objectOf(event["source"] ?? event["deprecatedSource"]);
  const component =
    textOf(source["component"]) || textOf(event["reportingComponent"] ?? event["reportingController"]);
  const host = textOf(source["host"]) || textOf(event["reportingInstance"]);
  return host === "" ? component : `${component}, ${host}`;
}
