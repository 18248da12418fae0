import { create } from "@bufbuild/protobuf";
import { DurationSchema, type Duration } from "@bufbuild/protobuf/wkt";
import { parseDurationMs } from "@bookmesh/mesh-api";
import { invariant } from "@bookmesh/kernel";

/** Milliseconds as a proto duration. */
export function protoDuration(ms: number): Duration {
  const seconds = Math.floor(ms / 1_000);
  return create(DurationSchema, {
    seconds: BigInt(seconds),
    nanos: Math.round((ms - seconds * 1_000) * 1_000_000),
  });
}

/** The milliseconds of a duration that validation has seen. */
export function durationMs(text: string): number {
  const ms = parseDurationMs(text);
  invariant(ms !== undefined, `"${text}" is no duration`);
  return ms;
}
