/**
 * A small curl for containers of the local cluster, where the machine has none: the flags that the tutorial uses
 * (`-s -v -i -H -X -d -o -w -m`, and `-f -k -L -S -I` as far as they go), http and https, proxies from `http_proxy`,
 * `https_proxy` and `no_proxy`. Exit codes are curl's.
 */
import { createWriteStream } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { parseArgs } from "node:util";
import { connect as tlsConnect } from "node:tls";

const EXIT = { usage: 2, badUrl: 3, proxy: 5, resolve: 6, connect: 7, httpError: 22, write: 23, timeout: 28 };
const MAX_REDIRECTS = 20;

const { options, urls } = readArguments(process.argv.slice(2));
for (const url of urls) await run(url);

function readArguments(args) {
  try {
    const flag = (short) => (short ? { type: "boolean", short } : { type: "boolean" });
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        silent: flag("s"),
        verbose: flag("v"),
        include: flag("i"),
        head: flag("I"),
        fail: flag("f"),
        insecure: flag("k"),
        location: flag("L"),
        "show-error": flag("S"),
        header: { type: "string", short: "H", multiple: true, default: [] },
        request: { type: "string", short: "X" },
        data: { type: "string", short: "d", multiple: true },
        output: { type: "string", short: "o" },
        "write-out": { type: "string", short: "w" },
        "max-time": { type: "string", short: "m" },
        "connect-timeout": { type: "string" },
        "user-agent": { type: "string", short: "A", default: "curl/bookmesh" },
      },
    });
    if (positionals.length === 0) throw new Error("no URL specified");
    return { options: values, urls: positionals };
  } catch (error) {
    fail(EXIT.usage, error.message, true);
  }
}

async function run(text) {
  let url = URL.parse(text.includes("://") ? text : `http://${text}`);
  if (url === null || !["http:", "https:"].includes(url.protocol)) fail(EXIT.badUrl, "URL rejected");
  const startedMs = performance.now();
  for (let redirects = 0; ; redirects += 1) {
    const response = await send(url);
    const target = response.headers.location;
    const isRedirect = options.location && response.statusCode >= 300 && response.statusCode < 400 && target;
    if (!isRedirect || redirects === MAX_REDIRECTS) return await show(response, url, startedMs);
    response.resume();
    url = new URL(target, url);
  }
}

async function send(url) {
  const proxy = proxyFor(url);
  const body = options.data?.join("&");
  const method = options.request ?? (options.head ? "HEAD" : body === undefined ? "GET" : "POST");
  const headers = requestHeaders(url, body);
  const isTls = url.protocol === "https:";
  const direct = {
    host: url.hostname,
    port: Number(url.port || (isTls ? 443 : 80)),
    path: url.pathname + url.search,
  };
  const common = { method, headers, agent: false, rejectUnauthorized: !options.insecure };
  let sent;
  if (isTls && proxy) {
    const socket = tlsConnect({
      socket: await openTunnel(proxy, direct),
      servername: url.hostname,
      rejectUnauthorized: !options.insecure,
    });
    sent = httpsRequest({ ...direct, ...common, createConnection: () => socket });
  } else if (proxy) {
    sent = httpRequest({ host: proxy.hostname, port: proxy.port || 80, path: url.href, ...common });
  } else {
    sent = isTls ? httpsRequest({ ...direct, ...common }) : httpRequest({ ...direct, ...common });
  }
  return await new Promise((resolve) => {
    sent.on("error", (error) => fail(exitCodeOf(error), explain(error, proxy ?? direct)));
    sent.on("response", resolve);
    limitTime(sent);
    trace(`> ${method} ${proxy && !isTls ? url.href : direct.path} HTTP/1.1`);
    for (const [name, value] of Object.entries(headers)) trace(`> ${name}: ${value}`);
    trace(">");
    sent.end(body);
  });
}

function requestHeaders(url, body) {
  const headers = { Host: url.host, "User-Agent": options["user-agent"], Accept: "*/*" };
  if (body !== undefined) headers["Content-Type"] = "application/x-www-form-urlencoded";
  for (const line of options.header) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim();
    for (const present of Object.keys(headers))
      if (present.toLowerCase() === name.toLowerCase()) delete headers[present];
    const value = line.slice(colon + 1).trim();
    if (colon > 0 && value !== "") headers[name] = value;
  }
  return headers;
}

async function show(response, url, startedMs) {
  const { statusCode, statusMessage, rawHeaders, httpVersion } = response;
  const head = [`HTTP/${httpVersion} ${statusCode}${statusMessage ? ` ${statusMessage}` : ""}`];
  for (let at = 0; at < rawHeaders.length; at += 2) head.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  for (const line of [...head, ""]) trace(`< ${line}`);
  const isFailure = options.fail && statusCode >= 400;
  const output = options.output ? createWriteStream(options.output) : process.stdout;
  let sizeBytes = 0;
  if (!isFailure) {
    if (options.include || options.head) output.write(`${head.join("\r\n")}\r\n\r\n`);
    try {
      for await (const chunk of response) {
        sizeBytes += chunk.length;
        if (!output.write(chunk)) await new Promise((resolve) => output.once("drain", resolve));
      }
    } catch (error) {
      fail(exitCodeOf(error), error.message);
    }
  }
  if (options.output) await new Promise((resolve) => output.end(resolve));
  if (options["write-out"])
    writeOut({ statusCode, sizeBytes, url, seconds: (performance.now() - startedMs) / 1000 });
  if (isFailure) fail(EXIT.httpError, `The requested URL returned error: ${statusCode}`);
}

function writeOut({ statusCode, sizeBytes, url, seconds }) {
  const values = {
    http_code: String(statusCode),
    response_code: String(statusCode),
    size_download: String(sizeBytes),
    time_total: seconds.toFixed(6),
    url_effective: url.href,
  };
  const text = options["write-out"]
    .replace(/%\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
    .replaceAll("\\n", "\n")
    .replaceAll("\\t", "\t");
  process.stdout.write(text);
}

/** curl reads `http_proxy` in lower case only: a CGI program's `HTTP_PROXY` may come from a request header. */
function proxyFor(url) {
  const { env } = process;
  const excluded = (env.no_proxy ?? env.NO_PROXY ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  const host = url.hostname;
  if (excluded.some((name) => name === "*" || host === name || host.endsWith(`.${name.replace(/^\./, "")}`)))
    return undefined;
  const value = url.protocol === "https:" ? (env.https_proxy ?? env.HTTPS_PROXY) : env.http_proxy;
  return value ? URL.parse(value.includes("://") ? value : `http://${value}`) : undefined;
}

function openTunnel(proxy, { host, port }) {
  return new Promise((resolve) => {
    const authority = `${host}:${port}`;
    const sent = httpRequest({
      host: proxy.hostname,
      port: proxy.port || 80,
      method: "CONNECT",
      path: authority,
      headers: { Host: authority },
      agent: false,
    });
    limitTime(sent);
    sent.on("error", (error) => fail(exitCodeOf(error), explain(error, proxy)));
    sent.on("connect", (response, socket) => {
      if (response.statusCode === 200) resolve(socket);
      else fail(56, `CONNECT tunnel failed, response ${response.statusCode}`);
    });
    sent.end();
  });
}

function limitTime(sent) {
  const seconds = Number(options["max-time"] ?? options["connect-timeout"] ?? 0);
  if (seconds > 0)
    setTimeout(
      () => fail(EXIT.timeout, `Operation timed out after ${seconds * 1000} milliseconds`),
      seconds * 1000,
    ).unref();
}

function exitCodeOf({ code }) {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return EXIT.resolve;
  if (code === "ECONNREFUSED") return EXIT.connect;
  if (code === "ECONNRESET") return 56;
  return code?.startsWith("ERR_TLS") || code?.includes("CERT") ? 60 : EXIT.connect;
}

function explain(error, { hostname, host = hostname, port }) {
  if (error.code === "ENOTFOUND") return `Could not resolve host: ${host}`;
  if (error.code === "ECONNREFUSED") return `Failed to connect to ${host} port ${port}: Connection refused`;
  if (error.code === "ECONNRESET")
    return error.message === "socket hang up"
      ? "Empty reply from server"
      : "Recv failure: Connection reset by peer";
  return error.message;
}

function trace(line) {
  if (options.verbose) process.stderr.write(`${line}\n`);
}

function fail(exitCode, sentence, isUsage = false) {
  if (isUsage || !options.silent || options["show-error"])
    process.stderr.write(`curl: (${exitCode}) ${sentence}\n`);
  process.exit(exitCode);
}
