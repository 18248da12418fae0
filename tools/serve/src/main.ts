import { stopOnSignals } from "@bookmesh/node-host";
import { serveApp } from "./serve-app.ts";
import { serveCluster } from "./serve-cluster.ts";
import { SERVED_APPS } from "./served-app.ts";

/** `nx serve <app>`: runs an app where it lives, and again whenever its source changes. */
const name = process.argv[2] ?? "";
const app = SERVED_APPS[name];
const { signal } = stopOnSignals();

if (name === "local-cluster") {
  await serveCluster(signal);
} else if (app) {
  await serveApp(name, app, signal);
} else {
  process.stderr.write(
    `There is no app "${name}" to serve; there are: local-cluster, ${Object.keys(SERVED_APPS).join(", ")}.\n`,
  );
  process.exitCode = 2;
}
