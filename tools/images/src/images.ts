/** A program that an image puts on its path, as a script around a module of the image. */
export interface ImageProgram {
  readonly name: string;
  readonly module: string;
}

/** What one of our images is, whoever builds it. */
export interface Image {
  /** Its folder in `deploy/images` and `dist/images`. */
  readonly id: string;
  /** Its name below the hub. */
  readonly name: string;
  /** Its tag; absent where it is the version of its app. */
  readonly tag?: string;
  /** The app whose bundle it holds, in `/app`. */
  readonly app: string;
  readonly title: string;
  readonly description: string;
  /** User and group by number: Kubernetes' `runAsNonRoot` trusts no name. */
  readonly user: number;
  readonly nodeFlags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly programs: readonly ImageProgram[];
  /** What tells whether it works; absent where it runs to its end. */
  readonly healthCheck?: readonly string[];
  /** Ports that it listens on, as documentation. */
  readonly ports: readonly number[];
  /** Whether it writes packet filter rules, and so needs the programs that do. */
  readonly needsIptables: boolean;
}

/** The user whose traffic redirection leaves alone, as in Istio's images. */
const PROXY_USER = 1_337;
/** The user `node` of Node's official images. */
const SERVICE_USER = 1_000;
const ROOT = 0;

const BASICS = { nodeFlags: [], env: {}, programs: [], ports: [], needsIptables: false } as const;

/** What the demo's services share: they listen on 8080, and carry a curl to look around with. */
const SERVICE = {
  ...BASICS,
  user: SERVICE_USER,
  ports: [8_080],
  programs: [{ name: "curl", module: "tools/curl/curl.mjs" }],
  healthCheck: ["curl", "-sf", "http://127.0.0.1:8080/readyz"],
} as const;

const RATING_SERVICE = {
  ...SERVICE,
  name: "rating-service",
  app: "rating-service",
  title: "Bookmesh rating service",
} as const;

/** Every image that is ours. */
export const IMAGES = [
  {
    ...BASICS,
    id: "control-plane",
    name: "control-plane",
    app: "control-plane",
    title: "Bookmesh control plane",
    description: "Turns Services and Istio's resources into the sidecars' configuration.",
    user: PROXY_USER,
    ports: [15_012, 15_014, 15_017],
    programs: [{ name: "control-plane", module: "control-plane.mjs" }],
    healthCheck: ["control-plane", "request", "GET", "/ready"],
  },
  {
    ...BASICS,
    id: "sidecar-proxy",
    name: "sidecar-proxy",
    app: "sidecar-proxy",
    title: "Bookmesh sidecar",
    description: "Carries a pod's traffic as the control plane says.",
    user: PROXY_USER,
    // One malloc arena, and no proxy of Node's own: a sidecar stands beside every pod, so each megabyte counts.
    nodeFlags: ["--optimize-for-size"],
    env: { MALLOC_ARENA_MAX: "1", NODE_USE_ENV_PROXY: "0" },
    ports: [15_001, 15_006, 15_020, 15_021, 15_090],
    programs: [{ name: "sidecar-proxy", module: "sidecar-proxy.mjs" }],
    healthCheck: ["sidecar-proxy", "request", "GET", "/ready"],
  },
  {
    ...BASICS,
    id: "istio-init",
    name: "istio-init",
    app: "istio-init",
    title: "Bookmesh init container",
    description: "Writes the rules that lead a pod's traffic through its sidecar, and ends.",
    user: ROOT,
    needsIptables: true,
  },
  {
    ...SERVICE,
    id: "book-service",
    name: "book-service",
    tag: "v1.0.0",
    app: "book-service",
    title: "Bookmesh book service",
    description: "Tells of a book, and asks the rating service how it is liked.",
  },
  {
    ...RATING_SERVICE,
    id: "rating-service-v1",
    tag: "v1.0.0",
    description: "Rates books, in its first version.",
    env: { RATING_VERSION: "v1" },
  },
  {
    ...RATING_SERVICE,
    id: "rating-service-v2",
    tag: "v2.0.0",
    description: "Rates books, in its second version.",
    env: { RATING_VERSION: "v2" },
  },
] as const satisfies readonly Image[];

/** The image of an id of the table. */
export function imageOf(id: string): Image {
  const image = IMAGES.find((candidate) => candidate.id === id);
  if (image === undefined) throw new Error(`There is no image ${id}.`);
  return image;
}

/** Where the official images' programs are looked for; an image of our own making has no other. */
export const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The command that starts an image's program, in exec form: Kubernetes' `args` follow it. */
export function entrypoint({ app, nodeFlags }: Image): readonly string[] {
  return ["node", ...nodeFlags, `/app/${app}.mjs`];
}

/** The OCI labels of an image that are the same wherever it is built. Source: OCI image spec, "Annotations". */
export function labels({ title, description }: Image): Readonly<Record<string, string>> {
  return {
    "org.opencontainers.image.title": title,
    "org.opencontainers.image.description": description,
    "org.opencontainers.image.licenses": "Apache-2.0",
  };
}

/** The label that tells one content from another: what an image is made of, as a hash. */
export const CONTENT_LABEL = "io.bookmesh.content";
