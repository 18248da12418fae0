import type { Traffic } from "@bookmesh/traffic";
import type { ServerState } from "../admin/admin-view.ts";
import type { ConfigStore } from "../ads/config-store.ts";

/** Whether the pod may have traffic, and which phase of its life the proxy is in. */
export interface Readiness {
  readonly state: () => ServerState;
  readonly isReady: () => boolean;
  /** From here on it is not ready any more. */
  startDraining(): void;
}

/**
 * Ready from the moment that a complete configuration is served and its listeners accept connections, until draining
 * begins. A later listener that cannot be had does not make a proxy unready that serves all others.
 */
export function watchReadiness(
  store: ConfigStore,
  traffic: Traffic,
  onListenFailure: (error: unknown) => void,
): Readiness {
  let isListening = false;
  let isDraining = false;
  const settle = () => {
    if (!store.isComplete) return;
    traffic.listening().then(() => {
      isListening = true;
    }, onListenFailure);
  };
  store.config.subscribe(settle);
  settle();
  const state = (): ServerState => {
    if (isDraining) return "DRAINING";
    if (isListening) return "LIVE";
    return store.isComplete ? "INITIALIZING" : "PRE_INITIALIZING";
  };
  return {
    state,
    isReady: () => state() === "LIVE",
    startDraining() {
      isDraining = true;
    },
  };
}
