import { err, ok, type Result } from "@bookmesh/kernel";

/** Everything, or what is listed. */
export type Selection<Item> = "*" | readonly Item[];

/** The version of the internet protocol. */
export type AddressFamily = 4 | 6;

/** Addresses that share a prefix. */
export interface Range {
  readonly family: AddressFamily;
  /** As iptables reads it: `10.96.0.0/16`. */
  readonly cidr: string;
}

/** iptables walks the rules one by one; longer lists are a mistake or should be ranges. */
const MAX_ITEMS = 256;
const MAX_PORT = 65_535;
const IPV4 = /^(\d{1,3}\.){3}\d{1,3}$/;
const IPV6 = /^[0-9a-f:.]*:[0-9a-f:.]*$/i;
/** The kernel's limit is 15 bytes; a trailing `+` matches every name that begins so. */
const INTERFACE = /^[^\s/*,+]{1,15}\+?$/;

/** Reads `80,443` or `*`. The reason of a failure is a sentence without its subject. */
export function readPorts(text: string): Result<Selection<number>, string> {
  return readSelection(text, (item) =>
    /^\d{1,5}$/.test(item) && Number(item) >= 1 && Number(item) <= MAX_PORT
      ? ok(Number(item))
      : err(`has "${item}", which is no port from 1 to ${MAX_PORT}`),
  );
}

/** Reads `10.0.0.0/8,fd00::/8` or `*`. */
export function readRanges(text: string): Result<Selection<Range>, string> {
  return readSelection(text, (item) => {
    const [address = "", bits = ""] = item.split("/");
    const family = addressFamily(address);
    const fits = /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
    if (family === undefined || !fits || item.split("/").length !== 2)
      return err(`has "${item}", which is no range of addresses such as 10.0.0.0/8`);
    return ok({ family, cidr: item });
  });
}

/** Reads the names of network interfaces: `eth1,net+`. */
export function readNames(text: string): Result<readonly string[], string> {
  const names = readSelection(text, (item) =>
    INTERFACE.test(item) ? ok(item) : err(`has "${item}", which is no name of a network interface`),
  );
  if (names.ok && names.value === "*") return err('is "*", but each interface must be named');
  return names as Result<readonly string[], string>; // "*" was refused above
}

/** The family of an address; `undefined` where the text is none. */
export function addressFamily(address: string): AddressFamily | undefined {
  if (IPV4.test(address)) return address.split(".").every((octet) => Number(octet) <= 255) ? 4 : undefined;
  return IPV6.test(address) && URL.canParse(`http://[${address}]/`) ? 6 : undefined;
}

function readSelection<Item>(
  text: string,
  read: (item: string) => Result<Item, string>,
): Result<Selection<Item>, string> {
  const words = text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  if (words.length === 1 && words[0] === "*") return ok("*");
  if (words.length > MAX_ITEMS) return err(`lists ${words.length} items; at most ${MAX_ITEMS} are taken`);
  const items: Item[] = [];
  for (const word of words) {
    const item = read(word);
    if (!item.ok) return item;
    items.push(item.value);
  }
  return ok(items);
}
