import { fromJson, type JsonObject } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { FileAccessLogSchema, type HttpConnectionManagerSchema } from "@bookmesh/xds-api";
import type { MessageInit } from "./message-init.ts";

/**
 * What a line tells of a request: Istio's names. Our sidecar's line is always this one; a stock Envoy writes it because
 * it is told to. Source: Istio, "Envoy Access Logs"; Envoy, "Access log command operators".
 */
export const ACCESS_LOG_FORMAT: JsonObject = {
  start_time: "%START_TIME%",
  method: "%REQ(:METHOD)%",
  path: "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%",
  protocol: "%PROTOCOL%",
  response_code: "%RESPONSE_CODE%",
  response_flags: "%RESPONSE_FLAGS%",
  bytes_received: "%BYTES_RECEIVED%",
  bytes_sent: "%BYTES_SENT%",
  duration: "%DURATION%",
  x_forwarded_for: "%REQ(X-FORWARDED-FOR)%",
  user_agent: "%REQ(USER-AGENT)%",
  request_id: "%REQ(X-REQUEST-ID)%",
  authority: "%REQ(:AUTHORITY)%",
  upstream_host: "%UPSTREAM_HOST%",
  upstream_cluster: "%UPSTREAM_CLUSTER_RAW%",
  downstream_local_address: "%DOWNSTREAM_LOCAL_ADDRESS%",
  downstream_remote_address: "%DOWNSTREAM_REMOTE_ADDRESS%",
  route_name: "%ROUTE_NAME%",
  attempt_count: "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
  requested_server_name: "%REQUESTED_SERVER_NAME%",
  connection_termination_details: "%CONNECTION_TERMINATION_DETAILS%",
};

/** The access log of a connection manager; a path of "" means none. */
export function accessLog(path: string): Pick<MessageInit<typeof HttpConnectionManagerSchema>, "accessLog"> {
  if (path === "") return {};
  const file = fromJson(FileAccessLogSchema, { path, logFormat: { jsonFormat: ACCESS_LOG_FORMAT } });
  const typedConfig = anyPack(FileAccessLogSchema, file);
  return {
    accessLog: [
      { name: "envoy.access_loggers.file", configType: { case: "typedConfig", value: typedConfig } },
    ],
  };
}
