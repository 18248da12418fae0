import type { Difference } from "../harness/comparison.ts";
import { differ, JSON_WORDS } from "./differ.ts";

/** Where admission webhooks are treated otherwise. */
export const WEBHOOK_DIFFERENCES: readonly Difference[] = [
  ...differ("webhooks that mutate", "Why a JSON patch does not fit is not told.", ["# misfit"]),
  ...differ("webhooks that mutate", JSON_WORDS, ["# garbled"]),
  ...differ("webhooks that validate", "Of the options of a deletion those in its body are not passed on.", [
    "kubectl delete configmap seen",
  ]),
  ...differ("webhooks that validate", "No webhook is asked about the subresource scale.", [
    "kubectl create deployment scaled",
  ]),
  ...differ("webhooks that fail", "Which certificate of an authority failed is not told.", [
    "# another authority, Fail",
  ]),
  ...differ("webhooks that fail", JSON_WORDS, ["# text, Fail"]),
  ...differ("webhooks that are refused", "A path without a slash is told of once.", [
    '# {"clientConfig":{"service":{"name":"a","namespace":"b","port":0',
  ]),
  ...differ("webhooks that are refused", "A syntax error is told in the words of another parser.", [
    '# {"matchConditions":[{"name":"bad"',
  ]),
];
