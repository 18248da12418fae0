import { create } from "@bufbuild/protobuf";
import { ApiVersion, ConfigSourceSchema, type ConfigSource } from "@bookmesh/xds-api";
import { protoDuration } from "./duration.ts";

/** "From the stream that brought this": resources that refer to others expect them there, however long it takes. */
export function fromAds(): ConfigSource {
  const specifier = { case: "ads", value: {} } as const;
  return create(ConfigSourceSchema, {
    configSourceSpecifier: specifier,
    initialFetchTimeout: protoDuration(0),
    resourceApiVersion: ApiVersion.V3,
  });
}
