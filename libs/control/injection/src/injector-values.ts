import { err, ok, type Result, messageOf } from "@bookmesh/kernel";

/** What the installation decides about sidecars: the JSON under `values` of ConfigMap `istio-sidecar-injector`. */
export interface InjectorValues {
  readonly images: { readonly proxy: string };
  readonly imagePullPolicy: string;
  /** Full image name → the image that runs instead, in every container of an injected pod. */
  readonly imageOverrides: Readonly<Record<string, string>>;
  /** As an init container that stays, rather than beside the application's containers. */
  readonly nativeSidecars: boolean;
}

/** What holds where the ConfigMap says nothing. */
export const DEFAULT_INJECTOR_VALUES: InjectorValues = {
  images: { proxy: "bookmesh/sidecar-proxy:0.1.0" },
  imagePullPolicy: "IfNotPresent",
  imageOverrides: {},
  nativeSidecars: false,
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
  const { images, imagePullPolicy, imageOverrides, nativeSidecars } = values;
  return ok({
    images: {
      proxy: textOr(isRecord(images) ? images["proxy"] : undefined, DEFAULT_INJECTOR_VALUES.images.proxy),
    },
    imagePullPolicy: textOr(imagePullPolicy, DEFAULT_INJECTOR_VALUES.imagePullPolicy),
    imageOverrides: isRecord(imageOverrides) ? textMembers(imageOverrides) : {},
    nativeSidecars: nativeSidecars === true,
  });
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
