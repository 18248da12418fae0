// The server
export { startApiServer } from "./start-api-server.ts";
export type { ApiServer, ApiServerOptions } from "./server-options.ts";
export { ApiError } from "./api-error.ts";

// What its neighbours in the process see or provide
export type { ObjectKey, ResourceAccess } from "./resource-access.ts";
export type { PodRuntime } from "./pod-runtime.ts";
