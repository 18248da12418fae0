import { isBuiltin } from "node:module";

/**
 * Takes Node's own modules as they are. Where a program imports one, Node reads all that it exports, and with it loads
 * what hardly anybody uses: an import of `node:http` costs 13 MB and 35 ms in every pod, for its WebSocket
 * (`process.memoryUsage()` and `performance.now()` tell, after the one and after the other).
 */
export const builtinsPlugin = {
  name: "builtins",
  setup(build) {
    build.onResolve({ filter: /^[a-z_:/]+\d?$/ }, ({ path, kind }) =>
      kind === "import-statement" && isBuiltin(path) ? { path, namespace: "builtin" } : undefined,
    );
    build.onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};
