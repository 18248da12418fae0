export { httpService, ID_PARAMS, logLine, type LogFormat, type ServiceDescription } from "./http-service.ts";
export { PROBLEM_SCHEMA, problemReplies, sendProblem, type Problem } from "./problem.ts";
export { runService } from "./run-service.ts";
export { serviceEnvironment, type ServiceEnvironment } from "./service-environment.ts";
