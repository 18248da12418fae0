// A mesh, and whose proxy it is
export { simulatedMesh, type SimulatedMesh, type SimulatedProxy } from "./simulated-mesh.ts";
export { callerOf } from "./callers.ts";
export { withAddresses } from "./destination-of.ts";
export { proxyCompiler, type CompileProxy } from "./proxy-compiler.ts";

// One call, and why it goes where it goes
export { requestOf, type Call } from "./call.ts";
export {
  explainCall,
  explainRouting,
  routeOf,
  type CallExplanation,
  type HostExplanation,
  type TargetExplanation,
} from "./explain-call.ts";

// Many calls
export { sendCalls, type Ejection, type SendingOptions, type Tally } from "./send-calls.ts";
export type { Behaviour, Reaction } from "./send-once.ts";
