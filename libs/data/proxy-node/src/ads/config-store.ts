import {
  type DiscoveryAnswer,
  type DiscoveryState,
  type DiscoveryStep,
  type SubscriptionRequest,
  emptyDiscoveryState,
  openStream,
  receive,
  restoreState,
  visibleResources,
} from "@bookmesh/discovery";
import {
  type AcceptedResources,
  type CompiledSnapshot,
  EMPTY_SNAPSHOT,
  compileSnapshot,
} from "@bookmesh/proxy-config";
import type { ProxySnapshot } from "@bookmesh/proxy-core";
import { inspectKeyPair } from "@bookmesh/tls";
import { snapshotCell, type Clock, type Random, type SnapshotReader } from "@bookmesh/kernel";

/** Holds what the control plane said and the snapshot that came of it, for as long as the process lives. */
export class ConfigStore {
  readonly #ports: { readonly clock: Clock; readonly random: Random };
  readonly #cell = snapshotCell<ProxySnapshot>(EMPTY_SNAPSHOT.snapshot);
  #state = emptyDiscoveryState();
  #shown: AcceptedResources | undefined;
  #compiled: CompiledSnapshot = EMPTY_SNAPSHOT;

  constructor(ports: { readonly clock: Clock; readonly random: Random }) {
    this.#ports = ports;
  }

  /** What the data path runs on. */
  get config(): SnapshotReader<ProxySnapshot> {
    return this.#cell;
  }

  /** Everything that was accepted and refused. */
  get state(): DiscoveryState {
    return this.#state;
  }

  /** The snapshot, with its hosts. */
  get compiled(): CompiledSnapshot {
    return this.#compiled;
  }

  /** True from the first complete configuration on. */
  get isComplete(): boolean {
    return this.#shown !== undefined;
  }

  /** Begins a stream; returns what to say first. */
  open(): readonly SubscriptionRequest[] {
    return this.#take(openStream(this.#state));
  }

  /** Takes a response; returns what to say to it. */
  receive(answer: DiscoveryAnswer): readonly SubscriptionRequest[] {
    const { clock, random } = this.#ports;
    const requests = this.#take(receive(this.#state, answer, { nowMs: clock.now(), random, inspectKeyPair }));
    this.#show();
    return requests;
  }

  /** Takes over what was saved, where nothing is served yet; returns a sentence where this proxy refuses it. */
  restore(answers: readonly DiscoveryAnswer[]): string | undefined {
    const { clock, random } = this.#ports;
    const state = restoreState(answers, { nowMs: clock.now(), random, inspectKeyPair });
    if (typeof state === "string") return state;
    this.#state = state;
    this.#show();
    return undefined;
  }

  #take({ state, requests }: DiscoveryStep): readonly SubscriptionRequest[] {
    this.#state = state;
    return requests;
  }

  #show(): void {
    const visible = visibleResources(this.#state, this.#shown);
    if (!visible) return;
    this.#shown = visible;
    this.#compiled = compileSnapshot(visible, this.#compiled, this.#ports.random);
    this.#cell.replace(this.#compiled.snapshot);
  }
}
