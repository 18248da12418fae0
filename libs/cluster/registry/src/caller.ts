/** Who sends a request. Source: Kubernetes API, `authentication/v1.UserInfo`. */
export interface Caller {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** The controllers of this process. */
export const CONTROLLERS: Caller = {
  username: "system:kube-controller-manager",
  groups: ["system:masters", "system:authenticated"],
};

/** Whoever shows the admin token. */
export const ADMIN: Caller = { username: "system:admin", groups: ["system:masters", "system:authenticated"] };
