/**
 * Generates `libs/contract/xds-api/src/generated` from the Envoy protos inside the npm package
 * `@grpc/grpc-js-xds`: the files named in ROOTS and whatever they import, nothing else.
 *
 * Usage: node tools/generate/xds.mjs
 */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const ROOTS = [
  "envoy/admin/v3/clusters.proto",
  "envoy/admin/v3/config_dump.proto",
  "envoy/config/bootstrap/v3/bootstrap.proto",
  "envoy/config/cluster/v3/cluster.proto",
  "envoy/config/endpoint/v3/endpoint.proto",
  "envoy/config/listener/v3/listener.proto",
  "envoy/config/route/v3/route.proto",
  "envoy/extensions/access_loggers/file/v3/file.proto",
  "envoy/extensions/filters/http/router/v3/router.proto",
  "envoy/extensions/filters/http/fault/v3/fault.proto",
  "envoy/extensions/filters/http/jwt_authn/v3/config.proto",
  "envoy/extensions/filters/http/rbac/v3/rbac.proto",
  "envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto",
  "envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy.proto",
  "envoy/extensions/filters/listener/http_inspector/v3/http_inspector.proto",
  "envoy/extensions/filters/listener/original_dst/v3/original_dst.proto",
  "envoy/extensions/filters/listener/tls_inspector/v3/tls_inspector.proto",
  "envoy/extensions/retry/host/previous_hosts/v3/previous_hosts.proto",
  "envoy/extensions/transport_sockets/tls/v3/tls.proto",
  "envoy/extensions/upstreams/http/v3/http_protocol_options.proto",
  "envoy/service/discovery/v3/ads.proto",
  "envoy/service/status/v3/csds.proto",
];

/** Options for other generators and for documentation: reading them would take every proxy memory and time. */
const ANNOTATIONS = ["envoy.annotations", "udpa.annotations", "validate", "xds.annotations.v3"];

const root = resolve(import.meta.dirname, "../..");
const require = createRequire(join(root, "package.json"));
const deps = join(dirname(require.resolve("@grpc/grpc-js-xds/package.json")), "deps");
const INCLUDES = ["envoy-api", "googleapis", "protoc-gen-validate", "xds"].map((name) => join(deps, name));
const out = join(root, "libs/contract/xds-api/src/generated");

/** Written beside its place: who reads the old files meanwhile finds all of them. */
const draft = `${out}.${process.pid}`;

const work = mkdtempSync(join(tmpdir(), "xds-"));
for (const file of closure(ROOTS)) copyProto(file);
writeBufConfiguration();
execFileSync(join(root, "node_modules/.bin/buf"), ["generate"], { cwd: work, stdio: "inherit" });
replaceFolder(out, draft);
rmSync(work, { recursive: true });

function closure(roots) {
  const seen = new Set();
  const visit = (file) => {
    if (seen.has(file) || file.startsWith("google/protobuf/")) return;
    const source = locate(file);
    if (source === undefined) return;
    seen.add(file);
    for (const [, imported] of readFileSync(source, "utf8").matchAll(
      /^import\s+(?:public\s+)?"([^"]+)";/gm,
    )) {
      visit(imported);
    }
  };
  roots.forEach(visit);
  return seen;
}

function replaceFolder(folder, fresh) {
  const old = `${fresh}.old`;
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(fresh, folder);
  rmSync(old, { recursive: true, force: true });
}

function locate(file) {
  return INCLUDES.map((include) => join(include, file)).find((path) => {
    try {
      readFileSync(path);
      return true;
    } catch {
      return false; // not in this include folder: the next one may have it
    }
  });
}

function copyProto(file) {
  const target = join(work, "proto", file);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(locate(file), target);
  if (file === "validate/validate.proto") addIgnoreEmpty(target);
}

/** The package's validate.proto is older than the Envoy protos beside it, which use `ignore_empty`. */
function addIgnoreEmpty(path) {
  const text = readFileSync(path, "utf8");
  if (text.includes("ignore_empty")) return;
  writeFileSync(
    path,
    text.replace(/^message (\w+Rules) \{$/gm, (line, name) =>
      ["AnyRules", "FieldRules", "MessageRules"].includes(name)
        ? line
        : `${line}\n    optional bool ignore_empty = 99;`,
    ),
  );
}

function writeBufConfiguration() {
  writeFileSync(join(work, "buf.yaml"), "version: v2\nmodules:\n  - path: proto\n");
  const plugin = {
    local: join(root, "node_modules/.bin/protoc-gen-es"),
    out: draft,
    opt: ["target=ts", "import_extension=ts", "erasable_syntax=true"],
  };
  const input = { directory: ".", exclude_types: ANNOTATIONS };
  writeFileSync(
    join(work, "buf.gen.yaml"),
    JSON.stringify({ version: "v2", plugins: [plugin], inputs: [input] }),
  );
}
