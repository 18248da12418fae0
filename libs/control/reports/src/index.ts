export { startReports } from "./start-reports.ts";
export { eventRecorder, type EventRecorder, type MeshEvent } from "./event-recorder.ts";
