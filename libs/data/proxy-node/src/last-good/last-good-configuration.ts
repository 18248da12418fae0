import { readFileSync, statfsSync, statSync } from "node:fs";
import { utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { savedAnswers } from "@bookmesh/discovery";
import { err, messageOf, ok, type Clock, type Result } from "@bookmesh/kernel";
import type { Logger } from "@bookmesh/node-host";
import type { ConfigStore } from "../ads/config-store.ts";
import {
  decodeConfiguration,
  encodeConfiguration,
  MAX_FILE_BYTES,
  type ConfigurationOwner,
} from "./configuration-file.ts";
import { writeAtomically } from "./write-atomically.ts";

/** What keeping a configuration takes. */
export interface LastGoodOptions {
  readonly file: string;
  readonly owner: ConfigurationOwner;
  readonly store: ConfigStore;
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
  /** Says whether a control plane talks to this proxy now. */
  readonly isConnected: () => boolean;
}

/** Between two writes: a second at the least, and one more for so many bytes. */
const PAUSE_MS = 1_000;
const BYTES_A_SECOND = 256 * 1024;

/** A quiet mesh changes nothing for days: the file's time says when the control plane was last there. */
const TOUCH_MS = 600_000;

/** Whoever has not heard of the mesh for longer knows nothing of it any more. */
const MAX_AGE_MS = 24 * 3_600_000;

/** `TMPFS_MAGIC`: a file system in memory. */
const TMPFS = 0x01_02_19_94;

const LINE_END = 0x0a;

/**
 * The last good configuration, in a file of the pod: written when it has changed and is whole, read by a proxy that
 * starts while no control plane answers. Keys of certificates are kept only where the volume is memory, so that they
 * never stand on a disk; tokens are no part of it.
 */
export class LastGoodConfiguration {
  readonly #options: LastGoodOptions;
  readonly #hasPlace: boolean;
  readonly #keepsSecrets: boolean;
  /** The first line of the file, which tells one content from another. */
  #written = "";
  #isChanged = false;
  #timer: NodeJS.Timeout | undefined;
  #complaint = "";

  constructor(options: LastGoodOptions) {
    this.#options = options;
    const directory = dirname(options.file);
    this.#hasPlace = statSync(directory, { throwIfNoEntry: false }) !== undefined;
    this.#keepsSecrets = this.#hasPlace && statfsSync(directory).type === TMPFS;
  }

  /** There is a file, good or not. */
  get isThere(): boolean {
    return statSync(this.#options.file, { throwIfNoEntry: false }) !== undefined;
  }

  /** Serves by the file where nothing is served yet, and says so; says why not where it cannot be used. */
  restore(): void {
    const { file, store, logger } = this.#options;
    if (store.isComplete || !this.isThere) return;
    const since = this.#restoreFrom(file);
    if (since.ok) logger.warn({ file, since: since.value }, "serving by the last good configuration");
    else logger.warn({ file }, `the last good configuration is not used: ${since.error}`);
  }

  /** Writes the configuration down as it changes, until the signal ends it. */
  keep(signal: AbortSignal): void {
    if (!this.#hasPlace) return;
    const stopFollowing = this.#options.store.config.subscribe(() => this.#onChange());
    const touching = setInterval(() => void this.#touch(), TOUCH_MS).unref();
    signal.addEventListener(
      "abort",
      () => {
        stopFollowing();
        clearInterval(touching);
        clearTimeout(this.#timer);
      },
      { once: true },
    );
    if (this.#options.store.isComplete) this.#onChange();
  }

  #restoreFrom(file: string): Result<string, string> {
    const { owner, store, clock } = this.#options;
    const { size, mtimeMs } = statSync(file);
    if (size > MAX_FILE_BYTES) return err(`it is larger than ${MAX_FILE_BYTES} bytes`);
    if (clock.now() - mtimeMs > MAX_AGE_MS) return err(`it is older than ${MAX_AGE_MS / 3_600_000} hours`);
    const bytes = readFileSync(file);
    const answers = decodeConfiguration(owner, bytes);
    if (!answers.ok) return answers;
    const refusal = store.restore(answers.value);
    if (refusal !== undefined) return err(refusal);
    this.#written = firstLine(bytes);
    return ok(new Date(mtimeMs).toISOString());
  }

  #onChange(): void {
    this.#isChanged = true;
    this.#timer ??= setTimeout(() => void this.#writeAndPause(), PAUSE_MS).unref();
  }

  async #writeAndPause(): Promise<void> {
    this.#isChanged = false;
    const bytes = await this.#write();
    const pauseMs = PAUSE_MS * (1 + bytes / BYTES_A_SECOND);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isChanged) void this.#writeAndPause();
    }, pauseMs).unref();
  }

  /** Returns how many bytes it wrote. */
  async #write(): Promise<number> {
    const { owner, store, file } = this.#options;
    const answers = savedAnswers(store.state, { keepsSecrets: this.#keepsSecrets });
    if (!answers) return 0; // the rest of it is on its way
    const bytes = encodeConfiguration(owner, answers);
    const line = firstLine(bytes);
    if (line === this.#written) return 0;
    if (bytes.length > MAX_FILE_BYTES) {
      this.#complain(`it is larger than ${MAX_FILE_BYTES} bytes`);
      return 0;
    }
    try {
      await writeAtomically(file, bytes);
      this.#written = line;
      this.#complaint = "";
    } catch (error) {
      this.#complain(messageOf(error));
    }
    return bytes.length;
  }

  async #touch(): Promise<void> {
    const { file, clock, isConnected } = this.#options;
    if (this.#written === "" || !isConnected()) return;
    const nowSeconds = clock.now() / 1_000;
    await utimes(file, nowSeconds, nowSeconds).catch((error: unknown) => this.#complain(messageOf(error)));
  }

  /** Says it once: traffic goes on, but a restart without a control plane would find the file before. */
  #complain(reason: string): void {
    if (reason !== this.#complaint)
      this.#options.logger.warn({ file: this.#options.file }, `the configuration is not kept: ${reason}`);
    this.#complaint = reason;
  }
}

function firstLine(bytes: Buffer): string {
  return bytes.subarray(0, bytes.indexOf(LINE_END)).toString("utf8");
}
