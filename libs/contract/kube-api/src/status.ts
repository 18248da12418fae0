/** The answer to a request that failed (or to a delete). Source: Kubernetes API, `meta/v1.Status`. */
export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: "Success" | "Failure";
  readonly message?: string;
  /** A word for programs: `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, `Expired`, … */
  readonly reason?: string;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly uid?: string;
    readonly causes?: readonly {
      readonly reason?: string;
      readonly message?: string;
      readonly field?: string;
    }[];
    readonly retryAfterSeconds?: number;
  };
  /** The HTTP status code. */
  readonly code: number;
}
