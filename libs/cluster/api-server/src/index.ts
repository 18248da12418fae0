export { startApiServer } from "./start-api-server.ts";
export type { ApiServer, ApiServerOptions } from "./server-options.ts";
