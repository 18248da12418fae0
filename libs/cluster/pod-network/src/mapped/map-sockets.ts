import { Server, Socket } from "node:net";
import { mappedPlace } from "./mapped-place.ts";

/**
 * From now on, where this process listens on a pod's address or connects to one, the socket is at its mapped place; all
 * that is built on `node:net` (HTTP, TLS, gRPC) follows. Returns the function that ends it.
 */
export function mapSockets(): () => void {
  const listen = Reflect.get(Server.prototype, "listen");
  const connect = Reflect.get(Socket.prototype, "connect");
  Server.prototype.listen = function (this: Server, ...given: unknown[]): Server {
    Reflect.apply(listen, this, mappedArguments(given));
    return this;
  };
  Socket.prototype.connect = function (this: Socket, ...given: unknown[]): Socket {
    Reflect.apply(connect, this, mappedArguments(given));
    return this;
  };
  return () => {
    Server.prototype.listen = listen;
    Socket.prototype.connect = connect;
  };
}

/** Both take `(port, host, …)` or `(options, …)`; Node itself hands on an array of options and callback. */
function mappedArguments(given: readonly unknown[]): readonly unknown[] {
  const [first, second, ...rest] = given;
  if (Array.isArray(first)) {
    first[0] = mappedOptions(first[0]); // in place: it bears a mark of Node's
    return given;
  }
  if (typeof first === "object") return [mappedOptions(first), ...given.slice(1)];
  const place = typeof second === "string" ? mappedPlace(second, Number(first)) : undefined;
  return place ? [place.port, place.host, ...rest] : given;
}

/** What options of both may say of a place. */
interface PlaceOptions {
  readonly host?: unknown;
  readonly port: unknown;
  readonly localAddress?: unknown;
}

function mappedOptions(options: unknown): unknown {
  if (!namesPort(options)) return options;
  const { localAddress, ...others } = options;
  const place = mappedPlace(String(options.host), Number(options.port));
  // A pod's address is no source that the machine knows.
  const hasOwnSource = typeof localAddress === "string" && mappedPlace(localAddress, 0) === undefined;
  return { ...others, ...place, ...(hasOwnSource && { localAddress }) };
}

function namesPort(options: unknown): options is PlaceOptions {
  return typeof options === "object" && options !== null && "port" in options;
}
