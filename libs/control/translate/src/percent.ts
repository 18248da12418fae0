import { FractionalPercent_DenominatorType } from "@bookmesh/xds-api";

/** Parts per million in one percent. */
const MILLIONTHS_PER_PERCENT = 10_000;

/** A share in percent as Envoy writes it, exact to a ten-thousandth of a percent. */
export function fractionalPercent(percent: number): {
  readonly numerator: number;
  readonly denominator: FractionalPercent_DenominatorType;
} {
  return {
    numerator: Math.round(percent * MILLIONTHS_PER_PERCENT),
    denominator: FractionalPercent_DenominatorType.MILLION,
  };
}
