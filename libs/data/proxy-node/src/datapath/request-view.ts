import { latin1, type MessageHead } from "@bookmesh/http1";
import type { RequestView } from "@bookmesh/proxy-core";

/** A head as routing sees it. Strings are made when a matcher asks, so a route without matchers costs none. */
export function requestView(head: MessageHead, authority: string): RequestView {
  return {
    authority,
    get method() {
      return latin1(head.bytes, head.methodFrom, head.methodTo);
    },
    get path() {
      return requestPath(head);
    },
    get scheme() {
      return head.isHttps ? "https" : "http";
    },
    header: (name) => head.valueOf(name),
  };
}

/** Path and query in origin form; "/" where an absolute target names none. */
export function requestPath(head: MessageHead): string {
  const path = latin1(head.bytes, head.pathFrom, head.pathTo);
  return path === "" || path.startsWith("?") ? `/${path}` : path;
}
