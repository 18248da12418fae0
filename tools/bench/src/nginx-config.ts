import type { BenchPorts } from "./bench-plan.ts";

const HEAD = (folder: string, name: string) => `
master_process off; daemon off; pid ${folder}/${name}.pid; error_log ${folder}/${name}.err;
worker_rlimit_nofile 16384;
events { worker_connections 4096; multi_accept on; }
http {
  access_log off; server_tokens off; tcp_nodelay on; default_type application/json;
  keepalive_requests 1000000000; keepalive_timeout 3600s;
  client_body_temp_path ${folder}/${name}-body; proxy_temp_path ${folder}/${name}-proxy;
  fastcgi_temp_path ${folder}/${name}-fcgi; uwsgi_temp_path ${folder}/${name}-uwsgi; scgi_temp_path ${folder}/${name}-scgi;`;

/** nginx as the service behind the proxies: one short JSON answer. */
export function backendConfig(folder: string, { backend }: BenchPorts): string {
  return `${HEAD(folder, "backend")}
  server { listen 127.0.0.1:${backend} backlog=4096; location / { return 200 '{"bookId":1,"name":"Book 1","rating":1}'; } }
}`;
}

/** nginx as a sidecar: keep-alive both ways, request id, forwarded fields; once without and once with its log. */
export function proxyConfig(folder: string, { backend, nginxPlain, nginxLog }: BenchPorts): string {
  return `${HEAD(folder, "proxy")}
  upstream app { server 127.0.0.1:${backend}; keepalive 600; keepalive_requests 1000000000; keepalive_timeout 3600s; }
  log_format full escape=json '{"start_time":"$time_iso8601","method":"$request_method","path":"$request_uri","protocol":"$server_protocol","response_code":$status,"bytes_sent":$body_bytes_sent,"duration":$request_time,"upstream_time":"$upstream_response_time","request_id":"$request_id","user_agent":"$http_user_agent","authority":"$http_host","upstream_host":"$upstream_addr","x_forwarded_for":"$http_x_forwarded_for","remote":"$remote_addr:$remote_port","local":"$server_addr:$server_port"}';
  proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
  proxy_set_header X-Request-ID $request_id; proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  server { listen 127.0.0.1:${nginxPlain} backlog=4096; location / { proxy_pass http://app; } }
  server { listen 127.0.0.1:${nginxLog} backlog=4096; access_log ${folder}/access.log full buffer=64k flush=1s; location / { proxy_pass http://app; } }
}`;
}
