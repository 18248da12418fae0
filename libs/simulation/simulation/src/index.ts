// A mesh, and whose proxy it is
export { simulatedMesh, type SimulatedProxy } from "./simulated-mesh.ts";
export { callerOf } from "./callers.ts";
export { withAddresses } from "./destination-of.ts";

// One call, and why it goes where it goes
export { requestOf, type Call } from "./call.ts";
export { explainCall, explainRouting, type CallExplanation } from "./explain-call.ts";

// Many calls
export { sendCalls, type Tally } from "./send-calls.ts";
export type { Behaviour, Reaction } from "./send-once.ts";
