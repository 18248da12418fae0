/** Where lines go. It never blocks and never throws: what cannot be written in time is dropped and counted. */
export interface AccessLogSink {
  /** Takes one line, its line feed included; `line` is valid only during the call. */
  write(line: Uint8Array): void;
  /** Lines lost so far. */
  readonly dropped: number;
  close(): Promise<void>;
}
