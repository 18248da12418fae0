import { create } from "@bufbuild/protobuf";
import { ApiVersion, ConfigSourceSchema, type ConfigSource } from "@bookmesh/xds-api";
import { protoDuration } from "./duration.ts";

/** "From the stream that brought this": resources that refer to others expect them there, however long it takes. */
export function fromAds(): ConfigSource {
  return { ...fromAdsSoon(), initialFetchTimeout: protoDuration(0) };
}

/** The same with Envoy's own patience: what refers to it does without it then. */
export function fromAdsSoon(): ConfigSource {
  const specifier = { case: "ads", value: {} } as const;
  return create(ConfigSourceSchema, {
    configSourceSpecifier: specifier,
    resourceApiVersion: ApiVersion.V3,
  });
}
