import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, isIP, type Server } from "node:net";
import {
  AUTHORITATIVE_ANSWER,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  decode,
  encode,
  streamEncode,
  type Answer,
  type Packet,
} from "dns-packet";
import { CLUSTER_DOMAIN, clusterAnswers, type NamedObjects } from "./cluster-names.ts";
import type { HostDoor } from "./host-door.ts";

/** What cluster DNS needs. */
export interface DnsOptions {
  readonly address: string;
  readonly port: number;
  readonly objects: NamedObjects;
  readonly door: HostDoor;
}

const NXDOMAIN = 3;
const SERVFAIL = 2;
const RESOLVER_PORT = 53;
/** Longer than resolvers wait before they ask the next one. */
const FORWARD_TIMEOUT_MS = 5000;
/** A longer answer goes over TCP. Source: RFC 1035 §4.2.1. */
const MAX_DATAGRAM_BYTES = 512;
const TRUNCATED = 1 << 9;

/** Answers a question as the packet of the wire; `undefined` where nobody answered in time. */
type Resolve = (query: Buffer) => Promise<Buffer | undefined>;

/** Starts cluster DNS over UDP and TCP: the cluster's names from its objects, all others from the machine's resolver. */
export async function startDns({ address, port, objects, door }: DnsOptions): Promise<() => void> {
  const upstream = await machineResolver(door);
  const resolve: Resolve = async (query) => {
    const packet = decode(query);
    const question = packet.questions?.[0];
    if (question === undefined) return undefined;
    if (!isOfCluster(question.name)) return (await upstream.ask(query)) ?? answer(packet, [], SERVFAIL);
    const answers = clusterAnswers(objects, question);
    return answer(packet, answers ?? [], answers ? 0 : NXDOMAIN);
  };
  const datagrams = await serveDatagrams(resolve, { address, port });
  const server = await serveStreams(resolve, { address, port });
  return () => {
    datagrams.close();
    server.close();
    upstream.close();
  };
}

function isOfCluster(name: string): boolean {
  const lower = `.${name.toLowerCase()}`;
  return lower.endsWith(`.${CLUSTER_DOMAIN}`) || !lower.slice(1).includes("."); // the machine's names are not the cluster's
}

function answer({ id, questions, flags = 0 }: Packet, answers: readonly Answer[], code: number): Buffer {
  return encode({
    type: "response",
    ...(id === undefined ? {} : { id }),
    flags: AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE | (flags & RECURSION_DESIRED) | code,
    ...(questions === undefined ? {} : { questions }),
    answers: [...answers],
  });
}

interface Place {
  readonly address: string;
  readonly port: number;
}

async function serveDatagrams(resolve: Resolve, { address, port }: Place): Promise<DatagramSocket> {
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    resolve(query).then(
      (found) => {
        if (found) socket.send(fitting(query, found), from.port, from.address);
      },
      () => undefined, // not a query: whoever sent it knows
    );
  });
  socket.on("error", () => undefined); // one datagram that could not be sent
  socket.bind(port, address);
  await once(socket, "listening");
  return socket;
}

function fitting(query: Buffer, found: Buffer): Buffer {
  if (found.length <= MAX_DATAGRAM_BYTES) return found;
  const { id, questions, flags } = decode(found);
  const asked = questions ?? decode(query).questions;
  return encode({
    type: "response",
    id: id ?? 0,
    flags: (flags ?? 0) | TRUNCATED,
    ...(asked && { questions: asked }),
  });
}

async function serveStreams(resolve: Resolve, { address, port }: Place): Promise<Server> {
  const server = createServer((client) => {
    let received = Buffer.alloc(0);
    client.on("error", () => client.destroy());
    client.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE()) {
        const end = 2 + received.readUInt16BE();
        const query = received.subarray(2, end);
        received = received.subarray(end);
        resolve(query).then(
          (found) => found && client.write(streamEncode(decode(found))),
          () => client.destroy(),
        );
      }
    });
  });
  server.listen(port, address);
  await once(server, "listening");
  return server;
}

interface Resolver {
  readonly ask: Resolve;
  readonly close: () => void;
}

/** The machine's first nameserver, asked from the machine's network. */
async function machineResolver(door: HostDoor): Promise<Resolver> {
  const nameserver = firstNameserver();
  if (nameserver === undefined) return { ask: () => Promise.resolve(undefined), close: () => undefined };
  const socket = await door.datagrams();
  const waiting = new Map<number, (answer: Buffer) => void>();
  socket.on("error", () => undefined); // an answer that does not come is the asker's affair
  socket.on("message", (message) => waiting.get(message.length < 2 ? -1 : message.readUInt16BE())?.(message));
  let last = 0;
  return {
    close: () => socket.close(),
    ask: (query) =>
      new Promise((resolve) => {
        last = (last + 1) % 0x1_0000;
        const id = last; // two pods may ask with the same one
        const settle = (found?: Buffer) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(found && withId(found, query.readUInt16BE()));
        };
        const timer = setTimeout(settle, FORWARD_TIMEOUT_MS);
        waiting.set(id, settle);
        socket.send(withId(query, id), RESOLVER_PORT, nameserver, (error) => {
          if (error) settle();
        });
      }),
  };
}

function withId(packet: Buffer, id: number): Buffer {
  const copy = Buffer.from(packet);
  copy.writeUInt16BE(id);
  return copy;
}

function firstNameserver(): string | undefined {
  const found = [...readFileSync("/etc/resolv.conf", "utf8").matchAll(/^nameserver\s+(\S+)/gm)];
  return found.map(([, address = ""]) => address).find((address) => isIP(address) === 4);
}
