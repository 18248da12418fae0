import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { KubeObject } from "@bookmesh/kube-api";
import type { StoreEvent } from "./store-event.ts";

/** The store's file: the newest state of every object, and the last events. */
export interface Database {
  /** Writes one event and the state that it leads to, in one transaction; answers the length of its JSON. */
  append(event: StoreEvent): number;
  /** Forgets the events up to and including `version`. */
  forgetUntil(version: number): void;
  objects(): Iterable<{ readonly resource: string; readonly object: KubeObject }>;
  /** In the order of their versions. */
  events(): Iterable<StoredEvent>;
  /** A small value that belongs to the cluster (its keys, for one). */
  setting(name: string): string | undefined;
  saveSetting(name: string, value: string): void;
  close(): void;
}

/** An event as it is kept: the state before it is found in the event before. */
export type StoredEvent = Omit<StoreEvent, "previous"> & { readonly characters: number };

const TABLES = `
  create table if not exists object (
    resource text not null, namespace text not null, name text not null, body text not null,
    primary key (resource, namespace, name)) without rowid;
  create table if not exists event (
    version integer primary key, type text not null, resource text not null, body text not null);
  create table if not exists setting (name text primary key, value text not null) without rowid;
`;

/**
 * Opens (or makes) the database. Write-ahead log with `synchronous = normal`: a killed process loses nothing
 * that was committed, since the pages are the kernel's by then; only a power cut may lose the last commits.
 */
export function openDatabase(file: string): Database {
  const database = new DatabaseSync(file);
  database.exec("pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 2000");
  database.exec(TABLES);
  const statements = prepare(database);
  return {
    append: (event) => append(database, statements, event),
    forgetUntil: (version) => void statements.forget.run(version),
    objects: () =>
      statements.objects.all().map((row) => ({ resource: text(row, "resource"), object: body(row) })),
    events: () => statements.events.all().map(eventOf),
    setting(name) {
      const row = statements.setting.get(name);
      return row === undefined ? undefined : text(row, "value");
    },
    saveSetting: (name, value) => void statements.saveSetting.run(name, value),
    close: () => database.close(),
  };
}

function prepare(database: DatabaseSync) {
  return {
    put: database.prepare("insert or replace into object values (?, ?, ?, ?)"),
    remove: database.prepare("delete from object where resource = ? and namespace = ? and name = ?"),
    event: database.prepare("insert into event values (?, ?, ?, ?)"),
    forget: database.prepare("delete from event where version <= ?"),
    objects: database.prepare("select resource, body from object"),
    events: database.prepare("select version, type, resource, body from event order by version"),
    setting: database.prepare("select value from setting where name = ?"),
    saveSetting: database.prepare("insert or replace into setting values (?, ?)"),
  } satisfies Record<string, StatementSync>;
}

function append(database: DatabaseSync, statements: ReturnType<typeof prepare>, event: StoreEvent): number {
  const { version, type, resource, object } = event;
  const { namespace = "", name } = object.metadata;
  const json = JSON.stringify(object);
  database.exec("begin immediate");
  try {
    if (type === "DELETED") statements.remove.run(resource, namespace, name);
    else statements.put.run(resource, namespace, name, json);
    statements.event.run(version, type, resource, json);
    database.exec("commit");
    return json.length;
  } catch (error) {
    database.exec("rollback");
    throw error;
  }
}

type Row = Readonly<Record<string, unknown>>;

function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : "";
}

function body(row: Row): KubeObject {
  return JSON.parse(text(row, "body")) as KubeObject; // a decoder: this file alone writes the column
}

function eventOf(row: Row): StoredEvent {
  const type = text(row, "type");
  return {
    version: Number(row["version"]),
    type: type === "ADDED" || type === "DELETED" ? type : "MODIFIED",
    resource: text(row, "resource"),
    object: body(row),
    characters: text(row, "body").length,
  };
}
