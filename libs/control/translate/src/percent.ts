import { FractionalPercent_DenominatorType } from "@bookmesh/xds-api";

/** Parts per million in one percent. */
const MILLIONTHS_PER_PERCENT = 10_000;

/** A share that a rule names: an object without a value is 0, as in every proto field without presence. */
export function percentIn(share: { readonly value?: number | undefined } | undefined): number | undefined {
  return share && (share.value ?? 0);
}

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
