import type { Session } from "../session.ts";
import type { ServerTable } from "../output/server-table.ts";

/** Asks for a table; a server that has none for a resource answers with objects. */
export const ACCEPT_TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

/** The table that the server makes of a list or an object. */
export async function askTable({ client }: Session, path: string): Promise<ServerTable> {
  const answer = await client.request("GET", path, { accept: ACCEPT_TABLE });
  // The API server is the authority on the shape of its tables.
  return (await answer.json()) as ServerTable;
}
