/** Where a connection can be made. */
export interface Target {
  readonly host: string;
  readonly port: number;
}
