import { text } from "node:stream/consumers";
import {
  GenericContainer,
  getContainerRuntimeClient,
  type StartedTestContainer,
  type WaitStrategy,
} from "testcontainers";
import { fullReference } from "../engine.ts";
import type { Image } from "../images.ts";
import { appVersion } from "../project.ts";

/** How a container of an image is started. */
export interface ImageRun {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Folders of this machine by where the container sees them, to read from. */
  readonly mounts?: Readonly<Record<string, string>>;
  /** When it counts as started. */
  readonly ready: WaitStrategy;
}

/** Long enough for a program that answers what it has begun. */
const STOP_TIMEOUT_MS = 20_000;

/** Runs an image as a restricted pod would: its own user, no capabilities, nothing to write to. */
export async function runImage(image: Image, run: ImageRun): Promise<StartedTestContainer> {
  const container = new RestrictedContainer(referenceOf(image))
    .withEnvironment(run.env)
    .withCommand([...run.command])
    .withExposedPorts(...image.ports)
    .withBindMounts(
      Object.entries(run.mounts ?? {}).map(([target, source]) => ({ source, target, mode: "ro" as const })),
    )
    .withDroppedCapabilities("ALL")
    .withSecurityOpt("no-new-privileges")
    .withWaitStrategy(run.ready)
    .withAutoRemove(false);
  return await container.start();
}

/** Ends a container as Kubernetes does; tells its exit code and everything that it wrote. */
export async function endContainer(
  container: StartedTestContainer,
): Promise<{ readonly exitCode: number; readonly log: string }> {
  await container.stop({ timeout: STOP_TIMEOUT_MS, remove: false });
  const { container: engine } = await getContainerRuntimeClient();
  const handle = engine.getById(container.getId());
  const { State: state } = await engine.inspect(handle);
  const log = await text(await engine.logs(handle));
  await engine.remove(handle, { removeVolumes: true });
  return { exitCode: state.ExitCode, log };
}

/** What an image is called, as `npm run images` names it. */
export function referenceOf({ name, tag, app }: Image): string {
  return fullReference(`bookmesh/${name}:${tag ?? appVersion(app)}`);
}

/** The library lets nobody but its heirs say that a container's root is read-only. */
class RestrictedContainer extends GenericContainer {
  constructor(reference: string) {
    super(reference);
    this.hostConfig.ReadonlyRootfs = true;
  }
}
