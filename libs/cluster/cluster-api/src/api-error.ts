import type { Status } from "@bookmesh/kube-api";

type Cause = NonNullable<NonNullable<Status["details"]>["causes"]>[number];

/** A resource as messages name it: `deployments.apps`, `pods`. */
export interface ResourceName {
  readonly group: string;
  readonly plural: string;
}

/** A refusal as Kubernetes words it: whoever answers a request sends `status` with its `code`. */
export class ApiError extends Error {
  readonly status: Status;

  constructor(status: Pick<Status, "code" | "reason" | "message" | "details">) {
    super(status.message ?? `The request failed with status ${status.code}.`);
    this.name = "ApiError";
    this.status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", ...status };
  }
}

/** `deployments.apps "x"`: a resource and one object of it. */
export function qualified({ group, plural }: ResourceName, name: string): string {
  return `${group === "" ? plural : `${plural}.${group}`} ${JSON.stringify(name)}`;
}

function detailsOf({ group, plural }: ResourceName, name: string): NonNullable<Status["details"]> {
  return { name, ...(group === "" ? {} : { group }), kind: plural };
}

/** 404: there is no such object. */
export function notFound(resource: ResourceName, name: string): ApiError {
  return new ApiError({
    code: 404,
    reason: "NotFound",
    message: `${qualified(resource, name)} not found`,
    details: detailsOf(resource, name),
  });
}

/** 404: the path names nothing that is served. */
export function noSuchResource(): ApiError {
  const message = "the server could not find the requested resource";
  return new ApiError({ code: 404, reason: "NotFound", message, details: {} });
}

/** 409: the name is taken. */
export function alreadyExists(resource: ResourceName, name: string): ApiError {
  return new ApiError({
    code: 409,
    reason: "AlreadyExists",
    message: `${qualified(resource, name)} already exists`,
    details: detailsOf(resource, name),
  });
}

/** 409: somebody else wrote first, or a precondition does not hold. */
export function conflict(
  resource: ResourceName,
  name: string,
  why = "the object has been modified; please apply your changes to the latest version and try again",
): ApiError {
  return new ApiError({
    code: 409,
    reason: "Conflict",
    message: `Operation cannot be fulfilled on ${qualified(resource, name)}: ${why}`,
    details: detailsOf(resource, name),
  });
}

/** 422: the object breaks rules; `causes` says which field and why. */
export function invalid(
  { group, kind }: { readonly group: string; readonly kind: string },
  name: string,
  causes: readonly Cause[],
): ApiError {
  const problems = causes.map(({ field, message }) => `${field ?? ""}: ${message ?? ""}`);
  const list = problems.length === 1 ? (problems[0] ?? "") : `[${problems.join(", ")}]`;
  const subject = group === "" ? kind : `${kind}.${group}`;
  return new ApiError({
    code: 422,
    reason: "Invalid",
    message: `${subject} ${JSON.stringify(name)} is invalid: ${list}`,
    details: {
      ...(name === "" ? {} : { name }),
      ...(group === "" ? {} : { group }),
      ...(kind === "" ? {} : { kind }),
      causes,
    },
  });
}

/** 400: the request cannot be understood. */
export function badRequest(message: string): ApiError {
  return new ApiError({ code: 400, reason: "BadRequest", message });
}

/** 403: understood, and refused. */
export function forbidden(resource: ResourceName, name: string, why: string): ApiError {
  return new ApiError({
    code: 403,
    reason: "Forbidden",
    message: `${qualified(resource, name)} is forbidden: ${why}`,
    details: detailsOf(resource, name),
  });
}

/** 401: no token, or none that holds. */
export function unauthorized(): ApiError {
  return new ApiError({ code: 401, reason: "Unauthorized", message: "Unauthorized" });
}

/** 405: the resource does not offer this verb. */
export function methodNotAllowed(): ApiError {
  const message = "the server does not allow this method on the requested resource";
  return new ApiError({ code: 405, reason: "MethodNotAllowed", message, details: {} });
}

/** 410: what the caller continues from has been forgotten; it must list again. */
export function expired(message: string): ApiError {
  return new ApiError({ code: 410, reason: "Expired", message });
}

/** 413: the body passes the limit. */
export function tooLarge(maxBytes: number): ApiError {
  const message = `Request entity too large: limit is ${maxBytes}`;
  return new ApiError({ code: 413, reason: "RequestEntityTooLarge", message, details: {} });
}

/** 415: a body in a format that is not read here. */
export function unsupportedMediaType(message: string): ApiError {
  return new ApiError({ code: 415, reason: "UnsupportedMediaType", message });
}

/** 429: one more than a limit allows; worth another try after `retryAfterSeconds`. */
export function tooManyRequests(message: string, retryAfterSeconds: number): ApiError {
  return new ApiError({ code: 429, reason: "TooManyRequests", message, details: { retryAfterSeconds } });
}

/** 500: something that the caller cannot help. */
export function internalError(message: string): ApiError {
  return new ApiError({
    code: 500,
    reason: "InternalError",
    message: `Internal error occurred: ${message}`,
    details: { causes: [{ message }] },
  });
}

/** 503: not now; worth another try. */
export function unavailable(message: string): ApiError {
  return new ApiError({ code: 503, reason: "ServiceUnavailable", message });
}

/** 504: the version that the caller asks for lies in the future. */
export function versionTooLarge(asked: number, current: number): ApiError {
  return new ApiError({
    code: 504,
    reason: "Timeout",
    message: `Timeout: Too large resource version: ${asked}, current: ${current}`,
    details: {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    },
  });
}
