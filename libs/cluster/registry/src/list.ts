import { badRequest, expired, versionTooLarge } from "@bookmesh/cluster-api";
import { apiVersionOf, type KubeList, type KubeObject } from "@bookmesh/kube-api";
import type { ResourceKind } from "@bookmesh/kube-model";
import { inVersion } from "./catalog.ts";
import { readContinueToken, writeContinueToken } from "./continue-token.ts";
import type { Registry } from "./registry.ts";

/** What a list or a watch is asked for. */
export interface ListRequest {
  readonly kind: ResourceKind;
  readonly namespace?: string;
  /** Says whether an object is asked for. */
  readonly selects: (object: KubeObject) => boolean;
  /** Some objects may not be asked for: then it is not told how many are left after a chunk. */
  readonly isSelective?: boolean;
  readonly limit?: number;
  readonly continueToken?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
}

const TOO_OLD_TO_CONTINUE =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.";

/** Lists objects; with a limit in chunks that all show the state of the first. */
export function listObjects(
  registry: Registry,
  request: ListRequest,
): KubeList & { readonly metadata: object } {
  const { kind, selects, limit = 0, isSelective = false } = request;
  if (request.continueToken && !["", "0", undefined].includes(request.resourceVersion))
    throw badRequest("specifying resource version is not allowed when using continue");
  const token = request.continueToken ? readContinueToken(request.continueToken) : undefined;
  const version = token?.version ?? versionAsked(registry, request);
  const all = objectsAt(registry, request, version).filter(({ metadata }) =>
    isIn(request.namespace, metadata.namespace),
  );
  const rest = (token === undefined ? all : all.filter((each) => orderOf(each) > token.after)).filter(
    selects,
  );
  const items = limit > 0 ? rest.slice(0, limit) : rest;
  const last = items.at(-1);
  const more = last !== undefined && rest.length > items.length;
  return {
    kind: kind.listKind,
    apiVersion: apiVersionOf(kind),
    metadata: {
      resourceVersion: String(version),
      ...(more && {
        continue: writeContinueToken({ version, after: orderOf(last) }),
        ...(!isSelective && { remainingItemCount: rest.length - items.length }),
      }),
    },
    items: items.map((object) => inVersion(kind, object)),
  };
}

/** Reads a `resourceVersion`; throws as Kubernetes does for what is no number. */
export function parseVersion(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw badRequest(
    `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
  );
}

/** Only `Exact` asks for the past; everything else may be answered with the newest state. */
function versionAsked(
  { store }: Registry,
  { resourceVersion = "", resourceVersionMatch }: ListRequest,
): number {
  const newest = store.version();
  if (resourceVersion === "") return newest;
  const asked = parseVersion(resourceVersion);
  if (asked > newest) throw versionTooLarge(asked, newest);
  return resourceVersionMatch === "Exact" ? asked : newest;
}

function objectsAt(
  { store }: Registry,
  { kind, continueToken }: ListRequest,
  version: number,
): readonly KubeObject[] {
  if (version === store.version()) return store.list(kind);
  const objects = store.listAt(kind, version);
  if (objects !== undefined) return objects;
  if (continueToken) throw expired(TOO_OLD_TO_CONTINUE);
  throw expired(`The resourceVersion for the provided list is too old: ${version}`);
}

function isIn(asked: string | undefined, namespace: string | undefined): boolean {
  return asked === undefined || asked === namespace;
}

function orderOf({ metadata: { namespace = "", name } }: KubeObject): string {
  return `${namespace}/${name}`;
}
