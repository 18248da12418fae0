import type { Clock } from "@bookmesh/kernel";
import type { ObjectCache } from "@bookmesh/reconcile";
import type { EndpointSlice } from "@bookmesh/kube-api";

/** The longest wait for the endpoint slices; they are written within milliseconds. */
const MAX_WAIT_MS = 1000;
const LOOK_MS = 10;
/** What proxies get to hear of it: longer than a control plane takes to debounce and to push. */
const SETTLE_MS = 250;

/**
 * Resolves when no Service sends traffic to pod `uid` any more and those who send it have had time to learn so.
 * A pod that no Service selects is not waited for.
 */
export async function endpointsDrained(
  slices: ObjectCache<EndpointSlice>,
  uid: string,
  clock: Clock,
): Promise<void> {
  const endpoints = () =>
    slices.list().flatMap((slice) => slice.endpoints.filter(({ targetRef }) => targetRef?.uid === uid));
  if (!endpoints().some(({ conditions }) => conditions?.serving !== false)) return;
  const endAtMs = clock.now() + MAX_WAIT_MS;
  while (endpoints().some(({ conditions }) => conditions?.ready === true) && clock.now() < endAtMs)
    await clock.sleep(LOOK_MS);
  await clock.sleep(SETTLE_MS);
}
