import { fromBinary } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { routerTranslator } from "@bookmesh/gateways";
import { meshTranslator, type MeshSnapshot, type ProxyView } from "@bookmesh/translate";
import { readResources, type Resources } from "./resources.ts";

/** What our own control plane sends to a proxy. */
export function bookmeshTranslation(snapshot: MeshSnapshot, view: ProxyView): Resources {
  const types = meshTranslator(routerTranslator()).translate(snapshot, view);
  return readResources((typeUrl) =>
    [...(types.get(typeUrl)?.resources.values() ?? [])].map(({ any }) => fromBinary(AnySchema, any)),
  );
}
