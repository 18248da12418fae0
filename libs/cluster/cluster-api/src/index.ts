// The API, to the controllers and the kubelet of its process
export type { ObjectKey, ResourceAccess } from "./resource-access.ts";

// Whoever runs pods, to the API
export type { PodRuntime } from "./pod-runtime.ts";

// Refusals
export {
  alreadyExists,
  ApiError,
  badRequest,
  conflict,
  expired,
  forbidden,
  internalError,
  invalid,
  methodNotAllowed,
  noSuchResource,
  notFound,
  qualified,
  tooLarge,
  tooManyRequests,
  unauthorized,
  unavailable,
  unsupportedMediaType,
  versionTooLarge,
} from "./api-error.ts";
