import { err, ok, type Result, messageOf } from "@bookmesh/kernel";
import type { Container, LabelSelector } from "@bookmesh/kube-api";

/** What the installation decides about sidecars: the JSON under `values` of ConfigMap `istio-sidecar-injector`. */
export interface InjectorValues {
  readonly images: {
    readonly proxy: string;
    /** What redirects a pod's connections to its sidecar. */
    readonly init: string;
  };
  readonly imagePullPolicy: string;
  /** What a sidecar is given, and what it may take, where its pod says nothing. */
  readonly resources: NonNullable<Container["resources"]>;
  /** Full image name → the image that runs instead, in every container of an injected pod. */
  readonly imageOverrides: Readonly<Record<string, string>>;
  /** As an init container that stays, rather than beside the application's containers. */
  readonly nativeSidecars: boolean;
  /** Pods that get no sidecar unless they ask for it. */
  readonly neverInjectSelector: readonly LabelSelector[];
}

/** What holds where the ConfigMap says nothing. */
export const DEFAULT_INJECTOR_VALUES: InjectorValues = {
  images: { proxy: "bookmesh/sidecar-proxy:0.1.0", init: "bookmesh/istio-init:0.1.0" },
  imagePullPolicy: "IfNotPresent",
  resources: {
    limits: { cpu: "2", memory: "1Gi" },
    requests: { cpu: "100m", memory: "128Mi" },
  },
  imageOverrides: {},
  nativeSidecars: false,
  neverInjectSelector: [],
};

/** Reads the values; what is absent takes its default. The reason of a failure is a sentence without its subject. */
export function readInjectorValues(json: string | undefined): Result<InjectorValues, string> {
  if (json === undefined) return ok(DEFAULT_INJECTOR_VALUES);
  let values: unknown;
  try {
    values = JSON.parse(json);
  } catch (error) {
    return err(`is not JSON: ${messageOf(error)}`);
  }
  if (!isRecord(values)) return err("is not a JSON object");
  const { images: named, imagePullPolicy, imageOverrides, nativeSidecars } = values;
  const images = isRecord(named) ? named : {};
  return ok({
    images: {
      proxy: textOr(images["proxy"], DEFAULT_INJECTOR_VALUES.images.proxy),
      init: textOr(images["init"], DEFAULT_INJECTOR_VALUES.images.init),
    },
    imagePullPolicy: textOr(imagePullPolicy, DEFAULT_INJECTOR_VALUES.imagePullPolicy),
    resources: isRecord(values["resources"])
      ? resourcesOf(values["resources"])
      : DEFAULT_INJECTOR_VALUES.resources,
    imageOverrides: isRecord(imageOverrides) ? textMembers(imageOverrides) : {},
    nativeSidecars: nativeSidecars === true,
    neverInjectSelector: selectors(values["neverInjectSelector"]),
  });
}

function resourcesOf({ limits, requests }: Record<string, unknown>): InjectorValues["resources"] {
  return {
    ...(isRecord(limits) && { limits: textMembers(limits) }),
    ...(isRecord(requests) && { requests: textMembers(requests) }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === "string" && value !== "" ? value : fallback;
}

function textMembers(record: Record<string, unknown>): Record<string, string> {
  const members = Object.entries(record).flatMap(([key, value]) =>
    typeof value === "string" ? [[key, value] as const] : [],
  );
  return Object.fromEntries(members);
}

/** An empty selector would match every pod, which nobody means by it: as in Istio it matches none. */
function selectors(value: unknown): readonly LabelSelector[] {
  return Array.isArray(value) ? value.filter(isSelector) : [];
}

function isSelector(value: unknown): value is LabelSelector {
  if (!isRecord(value)) return false;
  const { matchLabels = {}, matchExpressions = [] } = value;
  if (!isRecord(matchLabels) || !Array.isArray(matchExpressions)) return false;
  return Object.keys(matchLabels).length + matchExpressions.length > 0 && matchExpressions.every(isRecord);
}
