import { create } from "@bufbuild/protobuf";
import { anyPack, type Any } from "@bufbuild/protobuf/wkt";
import type { FaultRules } from "@bookmesh/mesh-api";
import { HTTPFaultSchema } from "@bookmesh/xds-api";
import { durationMs, protoDuration } from "./duration.ts";
import { fractionalPercent, percentIn } from "./percent.ts";

/** Builds the settings of Envoy's fault filter for one route. */
export function translateFault({ delay, abort }: FaultRules): Any {
  const message = create(HTTPFaultSchema, {
    ...(delay?.fixedDelay !== undefined && {
      delay: {
        faultDelaySecifier: { case: "fixedDelay", value: protoDuration(durationMs(delay.fixedDelay)) },
        percentage: fractionalPercent(percentIn(delay.percentage) ?? delay.percent ?? NOBODY),
      },
    }),
    ...(abort?.httpStatus !== undefined && {
      abort: {
        errorType: { case: "httpStatus", value: abort.httpStatus },
        percentage: fractionalPercent(percentIn(abort.percentage) ?? NOBODY),
      },
    }),
  });
  return anyPack(HTTPFaultSchema, message);
}

/** A fault without a share meets no request. Source: Istio API, `HTTPFaultInjection`. */
const NOBODY = 0;
