import type { Logger } from "@bookmesh/node-host";
import type { Authenticator } from "../auth/authenticator.ts";
import type { PodRuntime } from "../pod-runtime.ts";
import type { Registry } from "../registry/registry.ts";
import type { WatchLimits } from "./watch-stream.ts";

/** What the handlers of requests work with. */
export interface Serving {
  readonly registry: Registry;
  readonly authenticator: Authenticator;
  readonly watches: WatchLimits;
  /** Absent until the runtime is there. */
  readonly podRuntime: () => PodRuntime | undefined;
  /** `host:port` as clients reach it. */
  readonly serverAddress: () => string;
  readonly logger?: Logger;
}
