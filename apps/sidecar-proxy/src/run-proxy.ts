import { createWriteStream } from "node:fs";
import { jsonLogger, stopOnSignals, systemClock, type Logger } from "@bookmesh/node-host";
import {
  readPodEnvironment,
  releaseProgramPages,
  SIDECAR_PORTS,
  startSidecar,
  type ProxyRole,
} from "@bookmesh/proxy-node";
import { fileAccessLog, serveTraffic } from "@bookmesh/traffic";

const STANDARD_OUTPUT = 1;

/** By then a sidecar has started even where the machine is busy. */
const STARTED_MS = 5_000;

/** Runs the proxy of this pod until it is told to stop: a sidecar, or a gateway. */
export async function runProxy(role: ProxyRole): Promise<void> {
  const shutdown = stopOnSignals();
  const logger = jsonLogger("sidecar-proxy");
  const pod = readPodEnvironment(process.env, role);
  const { discoveryAddress, rootCertFile, tokenFile } = pod;
  // Not process.stdout: that one blocks the process while its reader is slow.
  const accessLogStream = createWriteStream("stdout", { fd: STANDARD_OUTPUT, autoClose: false });
  const sidecar = await startSidecar({
    pod,
    controlPlane: { address: discoveryAddress, rootCertFile, tokenFile },
    version: process.env["ISTIO_META_ISTIO_VERSION"] ?? "unknown",
    ports: SIDECAR_PORTS,
    serveTraffic,
    accessLog: fileAccessLog(accessLogStream),
    clock: systemClock,
    random: Math.random,
    logger,
    signal: shutdown.signal,
  });
  setTimeout(() => void spareProgramPages(logger), STARTED_MS).unref();
  logger.info({ role, pod: `${pod.podName}.${pod.namespace}`, discoveryAddress }, "started");
  await sidecar.ended;
  await new Promise<void>((resolve) => accessLogStream.end(() => resolve()));
  logger.info("ended");
  process.exit(0); // connections that outlived the drain do not keep the process
}

/** A sidecar that cannot be smaller does its work all the same. */
async function spareProgramPages(logger: Logger): Promise<void> {
  try {
    await releaseProgramPages();
  } catch (error) {
    logger.warn({ err: error }, "the pages of the program stay");
  }
}
