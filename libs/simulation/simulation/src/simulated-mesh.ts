import { routerTranslator } from "@bookmesh/gateways";
import type { Random } from "@bookmesh/kernel";
import type { ProxySnapshot } from "@bookmesh/proxy-core";
import { meshTranslator, type MeshSnapshot, type ProxyView } from "@bookmesh/translate";
import { proxyCompiler } from "./proxy-compiler.ts";

/** A proxy of a simulated mesh. */
export interface SimulatedProxy {
  readonly view: ProxyView;
  /** The mesh that it is in. */
  readonly world: MeshSnapshot;
  readonly snapshot: ProxySnapshot;
}

/** A mesh without processes: the control plane's translation, and what proxies make of it. */
export interface SimulatedMesh {
  readonly world: MeshSnapshot;
  /** The proxy of a pod; it has counters and turns of its own. */
  proxy(view: ProxyView): SimulatedProxy;
}

/** Simulates a mesh of valid objects. What proxies leave to chance is drawn from `random`. */
export function simulatedMesh(world: MeshSnapshot, random: Random): SimulatedMesh {
  const translator = meshTranslator(routerTranslator());
  const compile = proxyCompiler(random);
  return {
    world,
    proxy: (view) => ({ view, world, snapshot: compile(translator.translate(world, view)) }),
  };
}
