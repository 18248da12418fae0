import type { PodRuntime } from "@bookmesh/cluster-api";
import type { Logger } from "@bookmesh/node-host";
import type { Registry } from "@bookmesh/registry";
import type { Authenticator } from "../auth/authenticator.ts";

/** What the handlers of requests work with. */
export interface Serving {
  readonly registry: Registry;
  readonly authenticator: Authenticator;
  /** How many watches are open: counted here, limited where they start. */
  readonly watches: { open: number };
  /** Absent until the runtime is there. */
  readonly podRuntime: () => PodRuntime | undefined;
  /** `host:port` as clients reach it. */
  readonly serverAddress: () => string;
  readonly logger?: Logger;
}
