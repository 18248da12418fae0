import type { Container, EnvVar } from "@bookmesh/kube-api";

/** Where the sidecar listens for the application's outbound calls in interception mode NONE. */
const OUTBOUND = "http://$(APPLICATION_ADDRESS):15007";
/** Each variable in both spellings: curl reads only the lower-case `http_proxy`, others only the other. */
const VARIABLES = [
  ["http_proxy", "HTTP_PROXY"],
  ["https_proxy", "HTTPS_PROXY"],
] as const;

/**
 * Tells an application's container to send its calls to the sidecar. A variable that the container sets itself
 * stays, together with its other spelling. `APPLICATION_ADDRESS` comes from the local cluster; elsewhere, where
 * `onLocalhost` holds, the sidecar is on localhost.
 */
export function withOutboundProxy(container: Container, onLocalhost: boolean): Container {
  const set = new Set(container.env?.map(({ name }) => name));
  const unset = VARIABLES.filter((spellings) => !spellings.some((name) => set.has(name))).flat();
  const added: EnvVar[] = [
    ...(onLocalhost && !set.has("APPLICATION_ADDRESS")
      ? [{ name: "APPLICATION_ADDRESS", value: "127.0.0.1" }]
      : []),
    ...unset.map((name) => ({ name, value: OUTBOUND })),
    ...(set.has("NODE_USE_ENV_PROXY") ? [] : [{ name: "NODE_USE_ENV_PROXY", value: "1" }]),
  ];
  return { ...container, env: [...(container.env ?? []), ...added] };
}
