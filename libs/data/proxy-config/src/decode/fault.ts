import type { FaultPolicy } from "@bookmesh/proxy-core";
import type { Any } from "@bufbuild/protobuf/wkt";
import { FaultAbortSchema, FaultDelaySchema, HTTPFaultSchema, type HTTPFault } from "@bookmesh/xds-api";
import { below, complain, refuseFieldsBut, type Place } from "./place.ts";
import { readAny, readDurationMs, readFraction } from "./values.ts";

/** The name of the filter, and of its settings for one route. */
export const FAULT_FILTER = "envoy.filters.http.fault";

/** Reads delay and abort from the settings of `envoy.filters.http.fault`; `undefined` where it does nothing. */
export function readFault(place: Place, any: Any): FaultPolicy | undefined {
  const proto = readAny(place, any, HTTPFaultSchema);
  if (!proto) return undefined;
  refuseFieldsBut(place, [HTTPFaultSchema, proto], ["delay", "abort"]);
  const delay = readDelay(below(place, "delay"), proto);
  const abort = readAbort(below(place, "abort"), proto);
  return delay || abort ? { delay, abort } : undefined;
}

function readDelay(place: Place, { delay }: HTTPFault): FaultPolicy["delay"] {
  if (!delay) return undefined;
  refuseFieldsBut(place, [FaultDelaySchema, delay], ["fixed_delay", "percentage"]);
  const { value } = delay.faultDelaySecifier;
  if (value?.$typeName !== "google.protobuf.Duration") {
    complain(below(place, "fixed_delay"), "is required");
    return undefined;
  }
  return {
    durationMs: readDurationMs(below(place, "fixed_delay"), value, 0),
    fraction: readFraction(below(place, "percentage"), delay.percentage),
  };
}

function readAbort(place: Place, { abort }: HTTPFault): FaultPolicy["abort"] {
  if (!abort) return undefined;
  refuseFieldsBut(place, [FaultAbortSchema, abort], ["http_status", "percentage"]);
  if (abort.errorType.case !== "httpStatus") {
    complain(below(place, "http_status"), "is required");
    return undefined;
  }
  const status = abort.errorType.value;
  if (status < 200 || status > 599) complain(below(place, "http_status"), "must be from 200 to 599");
  return { status, fraction: readFraction(below(place, "percentage"), abort.percentage) };
}
