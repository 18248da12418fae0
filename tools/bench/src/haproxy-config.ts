import type { BenchPorts } from "./bench-plan.ts";

/** HAProxy as a sidecar: keep-alive both ways, request id, forwarded fields; once without and once with its log. */
export function haproxyConfig({ backend, haproxyPlain, haproxyLog }: BenchPorts): string {
  return `global
  nbthread 1
  maxconn 4096
  no strict-limits
defaults
  mode http
  timeout client 1h
  timeout server 1h
  timeout connect 5s
  timeout http-keep-alive 1h
  http-reuse always
  option forwardfor
  unique-id-format %{+X}o%ci%cp%Ts%rt
  unique-id-header X-Request-ID
frontend plain
  bind 127.0.0.1:${haproxyPlain} backlog 4096
  http-request set-header X-Forwarded-Proto http
  default_backend app
frontend logged
  bind 127.0.0.1:${haproxyLog} backlog 4096
  http-request set-header X-Forwarded-Proto http
  log stdout format raw local0
  option httplog
  default_backend app
backend app
  server one 127.0.0.1:${backend} pool-max-conn -1 maxconn 4096
`;
}
