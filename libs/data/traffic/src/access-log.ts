/** One answered (or failed) request, as Envoy's access log tells it. Times in milliseconds, sizes in bytes. */
export interface AccessLogEntry {
  readonly startTime: number;
  readonly method: string;
  readonly path: string;
  readonly protocol: string;
  readonly responseCode: number;
  /** Envoy's `%RESPONSE_FLAGS%`, "-" for none. */
  readonly responseFlags: string;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly duration: number;
  readonly upstreamHost: string;
  readonly upstreamCluster: string;
  readonly authority: string;
  readonly requestId: string;
  readonly userAgent: string;
  readonly forwardedFor: string;
  readonly downstreamRemoteAddress: string;
  readonly downstreamLocalAddress: string;
  readonly routeName: string;
  readonly attemptCount: number;
  /** The name that a TLS client asked for. */
  readonly requestedServerName?: string;
  /** Why a connection was closed before any request. */
  readonly terminationDetails?: string;
}

/** Where lines go. It never blocks and never throws: what cannot be written in time is dropped and counted. */
export interface AccessLogSink {
  write(entry: AccessLogEntry): void;
  /** Lines lost so far. */
  readonly dropped: number;
  close(): Promise<void>;
}
