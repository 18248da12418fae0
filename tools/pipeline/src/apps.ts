/** An app that is built, tested and released by a pipeline of its own. */
export interface App {
  /** Its folder in `apps/`. */
  readonly name: string;
  /** Whether it runs as an image. */
  readonly hasImage: boolean;
  /** Whether the chart installs it. */
  readonly isInChart: boolean;
}

/** Every app. */
export const APPS: readonly App[] = [
  { name: "book-service", hasImage: true, isInChart: false },
  { name: "rating-service", hasImage: true, isInChart: false },
  { name: "control-plane", hasImage: true, isInChart: true },
  { name: "sidecar-proxy", hasImage: true, isInChart: true },
  { name: "istio-init", hasImage: true, isInChart: true },
  { name: "local-cluster", hasImage: false, isInChart: false },
  { name: "cli", hasImage: false, isInChart: true },
];

/** The app's name among the workspace's packages. */
export function packageOf({ name }: App): string {
  return `@bookmesh/${name}`;
}
