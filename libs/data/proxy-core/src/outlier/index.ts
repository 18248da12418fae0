export { OutlierDetector, type OutlierCounts } from "./outlier-detector.ts";
export {
  OUTLIER_KINDS,
  type OutlierKind,
  type OutlierPolicy,
  type OutlierThreshold,
} from "./outlier-policy.ts";
