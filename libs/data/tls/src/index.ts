// Accepted connections that begin with TLS
export { awaitClientHello, type FirstBytes } from "./await-client-hello.ts";
export { TlsFront, type TlsFrontEvents } from "./tls-front.ts";

// Certificates
export { inspectKeyPair } from "./inspect-key-pair.ts";
