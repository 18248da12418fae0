/** The first two octets of the addresses of one local cluster's pods. */
export interface PodRange {
  readonly first: number;
  readonly second: number;
  /** How many of them there are; absent: all. */
  readonly size?: number;
}

/** How far a pod's application address is from its IP, in the second octet. */
export const APPLICATION_OFFSET = 128;

/** The second octet of the pods of the cluster at 127.0.0.1. */
export const FIRST_RANGE = 16;

/**
 * The pod range on the loopback network of the cluster whose host address is `hostAddress`; `undefined` where there is none: the address must be
 * a loopback address whose last octet leaves room for the offset.
 */
export function podRange(hostAddress: string): PodRange | undefined {
  const last = /^127\.\d{1,3}\.\d{1,3}\.(\d{1,3})$/.exec(hostAddress)?.[1];
  const second = FIRST_RANGE + Number(last) - 1;
  return second >= FIRST_RANGE && second < APPLICATION_OFFSET ? { first: 127, second } : undefined;
}

/** The application address of the pod at `podIp`. */
export function applicationAddress(podIp: string): string {
  const [first = "", second = "", third = "", fourth = ""] = podIp.split(".");
  return [first, Number(second) + APPLICATION_OFFSET, third, fourth].join(".");
}

/** The addresses of a range: given out in turn, so that one that was given back rests before it is used again. */
export interface PodAddresses {
  /** The address of pod `uid`: always the same one until it is released. `undefined` when the range is used up. */
  allocate(uid: string): string | undefined;
  /** Keeps `podIp` for pod `uid`, which had it before; `false` where it is another range's or another pod's. */
  reserve(uid: string, podIp: string): boolean;
  release(uid: string): void;
}

/** Numbers 0 and 1 of each 256 look like network addresses and are left out, as is 255. */
const PER_BLOCK = 253;
const BLOCKS = 256;

/** All addresses of `range` free. */
export function podAddresses(range: PodRange): PodAddresses {
  const { size = PER_BLOCK * BLOCKS } = range;
  const byPod = new Map<string, string>();
  const taken = new Set<string>();
  let next = 0;

  function take(uid: string, podIp: string): string {
    byPod.set(uid, podIp);
    taken.add(podIp);
    return podIp;
  }

  return {
    allocate(uid) {
      const present = byPod.get(uid);
      if (present !== undefined) return present;
      for (let tries = 0; tries < size; tries += 1) {
        const podIp = addressAt(range, next);
        next = (next + 1) % size;
        if (!taken.has(podIp)) return take(uid, podIp);
      }
      return undefined;
    },
    reserve(uid, podIp) {
      if (taken.has(podIp) || !podIp.startsWith(`${range.first}.${range.second}.`)) return false;
      take(uid, podIp);
      return true;
    },
    release(uid) {
      taken.delete(byPod.get(uid) ?? "");
      byPod.delete(uid);
    },
  };
}

function addressAt({ first, second }: PodRange, number: number): string {
  return [first, second, Math.floor(number / PER_BLOCK), 2 + (number % PER_BLOCK)].join(".");
}
