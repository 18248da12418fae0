import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const packages = resolve(import.meta.dirname, "../node_modules/@koromix");

/** The machines that images are made for, and where koffi keeps its native file for each. */
const NATIVE_FILES = ["x64", "arm64"].map((arch) => [
  arch,
  join(packages, `koffi-linux-${arch}/linux_${arch}/koffi.node`),
]);

/**
 * Bundles the package `koffi` as what it is beneath its JavaScript: one native file a machine. Those that npm has
 * installed land in `dist/native/`.
 */
export const koffiPlugin = {
  name: "koffi",
  setup(build) {
    build.initialOptions.loader = { ...build.initialOptions.loader, ".node": "copy" };
    build.initialOptions.assetNames = "native/[name]-[hash]";
    build.onResolve({ filter: /^koffi$/ }, () => ({ path: "koffi", namespace: "koffi" }));
    build.onLoad({ filter: /.*/, namespace: "koffi" }, () => ({
      contents: stub(),
      resolveDir: packages,
    }));
  },
};

function stub() {
  const choices = NATIVE_FILES.filter(([, file]) => existsSync(file)).map(
    ([arch, file]) =>
      `if (process.platform === "linux" && process.arch === "${arch}") native = require(${JSON.stringify(file)});`,
  );
  return `let native;
${choices.join("\n")}
export default native ?? {
  load: () => {
    throw new Error(\`koffi was not bundled for \${process.platform} on \${process.arch}.\`);
  },
};
`;
}
