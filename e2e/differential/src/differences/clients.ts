import type { Difference } from "../harness/comparison.ts";
import { differ } from "./differ.ts";

const OBJECTS = "client-go objects";
const PODS = "client-go pods";

/** Where programs on client-go see something else. */
export const CLIENT_DIFFERENCES: readonly Difference[] = [
  ...differ(OBJECTS, "A precondition that fails is told of without the key of a store that we do not have.", [
    "clients typed",
  ]),
  ...differ(OBJECTS, "A version or kind that does not exist is told of without Go's types and places.", [
    "clients dynamic",
  ]),
  ...differ(OBJECTS, "A patch to another kind, or of a kind unknown, is told of in other words.", [
    "clients patches",
  ]),
  ...differ(OBJECTS, "An apply to another object of the name is a conflict, as an update is.", [
    "clients apply",
  ]),
  ...differ(OBJECTS, "Protobuf is read, and answered with JSON: who takes protobuf alone is refused.", [
    "clients protobuf",
  ]),
  ...differ(
    "client-go discovery and identity",
    "A 404 is a Status where Kubernetes answers with plain text.",
    ["clients discovery"],
  ),
  ...differ(PODS, "Only WebSockets are served, which clients have tried first since 1.31.", [
    "clients exec-spdy",
    "clients forward-spdy",
  ]),
  ...differ(PODS, "There are no terminals.", ["clients exec-websocket"]),
  ...differ(PODS, "Who writes a status writes nothing else, a pod's labels included.", ["clients status"]),
];
