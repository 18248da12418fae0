import { ApiError, badRequest, unsupportedMediaType, type ObjectKey } from "@bookmesh/cluster-api";
import type { KubeObject } from "@bookmesh/kube-api";
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  serverSideApply,
  type ApplyConflict,
  type PatchFailure,
} from "@bookmesh/kube-patch";
import type { ResourceKind } from "@bookmesh/kube-model";
import { messageOf, type Result } from "@bookmesh/kernel";
import { inVersion } from "./catalog.ts";
import { createObject } from "./create.ts";
import { parseMediaType } from "./media-type.ts";
import { modifyObject } from "./modify.ts";
import { parseYaml } from "./parse-yaml.ts";
import { decodePatched, goText } from "./patched-object.ts";
import type { Registry } from "./registry.ts";
import type { RequestContext } from "./request-context.ts";
import { decodeObject } from "./schema-rules.ts";

const STRATEGIC = "application/strategic-merge-patch+json";

/** A patch as it came. */
export interface Patch {
  readonly contentType: string;
  readonly text: string;
}

/** A request to patch one object. */
export interface Patching {
  readonly kind: ResourceKind;
  readonly key: ObjectKey;
  readonly subresource?: string;
  readonly patch: Patch;
  readonly context: RequestContext;
}

/** Patches an object; server-side apply creates one that does not exist. */
export async function patchObject(
  registry: Registry,
  patching: Patching,
): Promise<{ readonly object: KubeObject; readonly created: boolean }> {
  const { kind, patch } = patching;
  const { type } = parseMediaType(patch.contentType);
  if (type.startsWith("application/apply-patch+")) return applyObject(registry, patching);
  const value = parsePatch(kind, type, patch.text);
  const isStrategic = type === STRATEGIC;
  const object = await modifyObject(registry, {
    ...patching,
    change(current) {
      const patched = applyPatch(kind, type, { current, value });
      if (!patched.ok) throw patchRefused(patched.error);
      const shown = isStrategic ? goText(value) : JSON.stringify(patched.value);
      return decodePatched(kind, { value: patched.value, shown }, patching.context);
    },
  });
  return { object, created: false };
}

function parsePatch(kind: ResourceKind, type: string, text: string): unknown {
  const forms = [
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/apply-patch+yaml",
  ];
  const accepted = kind.isCustom ? forms : [...forms, STRATEGIC];
  if (accepted.includes(type)) return parseJson(text);
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`,
  );
}

function applyPatch(
  kind: ResourceKind,
  type: string,
  { current, value }: { readonly current: KubeObject; readonly value: unknown },
): Result<unknown, PatchFailure> {
  switch (type) {
    case "application/json-patch+json":
      return applyJsonPatch(current, value);
    case "application/merge-patch+json":
      return applyMergePatch(current, value);
    default:
      return applyStrategicMergePatch(kind.schema, current, value);
  }
}

async function applyObject(
  registry: Registry,
  patching: Patching,
): Promise<{ readonly object: KubeObject; readonly created: boolean }> {
  const { kind, key, patch, context, subresource } = patching;
  if (context.fieldManager === "") throw badRequest("fieldManager is required for apply patch");
  const applied = decodeObject(kind, parseYaml(patch.text), context);
  checkApplied(applied, key);
  const part = subresource === undefined ? {} : { subresource };
  const merge = (live?: KubeObject) => {
    const by = { manager: context.fieldManager, ...part, nowMs: registry.clock.now() };
    const merged = serverSideApply({ kind, applied, by, force: context.force, ...(live ? { live } : {}) });
    if (!merged.ok) throw applyConflict(merged.error);
    return merged.value;
  };
  if (subresource === undefined && registry.store.get(kind, key) === undefined) {
    const namespace = key.namespace === undefined ? {} : { namespace: key.namespace };
    const object = await createObject(registry, {
      kind,
      ...namespace,
      object: merge(),
      context,
      applied: true,
    });
    return { object, created: true };
  }
  const object = await modifyObject(registry, { kind, key, ...part, context, applied: true, change: merge });
  return { object: inVersion(kind, object), created: false };
}

function checkApplied(
  { metadata }: { readonly metadata: Partial<KubeObject["metadata"]> },
  key: ObjectKey,
): void {
  if ((metadata.name ?? key.name) !== key.name) {
    throw badRequest(
      `the name of the object (${metadata.name ?? ""}) does not match the name on the URL (${key.name})`,
    );
  }
  if (metadata.managedFields !== undefined && metadata.managedFields.length > 0) {
    throw badRequest(`metadata.managedFields must be nil`);
  }
}

function applyConflict(conflicts: readonly ApplyConflict[]): ApiError {
  const managers = new Set(conflicts.map(({ manager }) => manager));
  const fields = conflicts.map(({ manager, field }) => `conflict with ${manager}: ${field}`);
  const count = conflicts.length === 1 ? "1 conflict" : `${conflicts.length} conflicts`;
  const message = `Apply failed with ${count}: ${managers.size === 1 && fields.length === 1 ? (fields[0] ?? "") : `conflicts with ${fields.join(", ")}`}`;
  const causes = conflicts.map(({ manager, field }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${manager}`,
    field,
  }));
  return new ApiError({ code: 409, reason: "Conflict", message, details: { causes } });
}

function patchRefused({ code, message }: PatchFailure): ApiError {
  if (code === 400) return badRequest(message);
  const reason = code === 413 ? "RequestEntityTooLarge" : "Invalid";
  return new ApiError({ code, reason, message, details: {} });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`error decoding patch: ${messageOf(error)}`);
  }
}
