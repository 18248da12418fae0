import type { Clock, Random } from "@bookmesh/kernel";
import type { Admission } from "./admission.ts";
import { makeCatalog } from "./catalog.ts";
import { serveDefinitions } from "./definitions/serve-definitions.ts";
import type { Registry } from "./registry.ts";
import { servedKinds } from "./served-kinds.ts";
import { openObjectStore } from "./store/object-store.ts";
import { STRATEGIES } from "./strategies.ts";

/** What admission looks at. */
export type AdmissionParts = Pick<Registry, "store" | "catalog" | "random">;

/** What a registry is opened with. */
export interface RegistryOptions {
  /** The SQLite file that holds the state; made where it does not exist. */
  readonly databaseFile: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Who may change or refuse a write. */
  readonly admission: (parts: AdmissionParts) => Admission;
}

/** Opens the store, with the built-in kinds and those that its definitions add. */
export function openRegistry({ databaseFile, clock, random, admission }: RegistryOptions): Registry {
  const store = openObjectStore(databaseFile);
  const catalog = makeCatalog(servedKinds());
  const parts = { store, catalog, random };
  const registry = { ...parts, clock, admission: admission(parts), strategies: STRATEGIES };
  serveDefinitions(registry);
  return registry;
}
