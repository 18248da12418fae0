import { Agent, createServer } from "node:http";
import httpProxy from "http-proxy";

/** npm's `http-proxy` as its manual shows it, with keep-alive upstream: `backendPort port`. */
const [backendPort, port] = process.argv.slice(2);

const proxy = httpProxy.createProxyServer({
  target: `http://127.0.0.1:${backendPort}`,
  agent: new Agent({ keepAlive: true, maxSockets: 600 }),
  xfwd: true,
});
proxy.on("error", (_error, _request, response) => response.end());
createServer((request, response) => proxy.web(request, response)).listen(Number(port), "127.0.0.1");
