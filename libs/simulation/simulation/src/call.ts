import type { RequestView } from "@bookmesh/proxy-core";

/** A call as an application makes it. */
export interface Call {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The call as routing sees it. A `Host` header goes before the URL's. */
export function requestOf({ url, method = "GET", headers = {} }: Call): RequestView {
  const { host, pathname, search, protocol } = new URL(url);
  const fields = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    method,
    path: pathname + search,
    authority: fields.get("host") ?? host,
    scheme: protocol.slice(0, -1),
    header: (name) => fields.get(name),
  };
}

/** Where a call goes to before anybody routes it: the host of its URL, and the port. */
export function targetOf({ url }: Call): {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
} {
  const { hostname, port, protocol } = new URL(url);
  const isTls = protocol === "https:";
  return { host: hostname, port: port === "" ? (isTls ? HTTPS_PORT : HTTP_PORT) : Number(port), isTls };
}

const HTTP_PORT = 80;
const HTTPS_PORT = 443;
