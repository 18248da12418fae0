import { latin1, type MessageHead } from "@bookmesh/http1";
import type { RequestView } from "@bookmesh/proxy-core";

/** A head as routing sees it. Strings are made when a matcher asks, so a route without matchers costs none. */
export class HeadView implements RequestView {
  readonly authority: string;
  readonly scheme: "http" | "https";
  readonly #head: MessageHead;
  #path: string | undefined;

  /** Valid as long as `head` is. */
  constructor(head: MessageHead, authority: string, scheme: "http" | "https") {
    this.#head = head;
    this.authority = authority;
    this.scheme = scheme;
  }

  get method(): string {
    return latin1(this.#head.bytes, this.#head.methodFrom, this.#head.methodTo);
  }

  get path(): string {
    return (this.#path ??= requestPath(this.#head));
  }

  header(name: string): string | undefined {
    return this.#head.valueOf(name);
  }
}

/** Path and query in origin form; "/" where an absolute target names none. */
export function requestPath(head: MessageHead): string {
  const path = latin1(head.bytes, head.pathFrom, head.pathTo);
  return path === "" || path.startsWith("?") ? `/${path}` : path;
}
