/** What distinguishes one proxy from another, as far as its configuration depends on it. */
export interface ProxyView {
  /** Absent: it stands beside an application. A router stands alone, at the edge of the mesh. */
  readonly role?: "router";
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The pod's IP: where its inbound listeners are. */
  readonly podIp: string;
  /** Where the application listens, and where the listener `http_proxy` is. 127.0.0.1 outside of the local cluster. */
  readonly applicationAddress: string;
  /**
   * The wildcard addresses at which redirected connections arrive, one for each address family of the pod. Absent or
   * empty: nothing is redirected, calls come through `http_proxy` (interception mode NONE).
   */
  readonly wildcards?: readonly string[];
}
