/**
 * A server for tests that speaks the v1 protocol of EventStoreDB 20.6 to KurrentDB 26, so that the real client can be
 * tested over the wire. What it proves and what it does not: docs/kurrentdb.md. Behaviour follows the protocol files and
 * the BSD-licensed server of 2024; messages and services are the definitions that the client ships.
 */
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials, type sendUnaryData, type ServerReadableStream } from '@grpc/grpc-js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as later } from 'node:timers/promises';
import { handleAppend } from './append-call.js';
import { Faults, type Fault } from './faults.js';
import { KurrentMemory } from './memory.js';
import type { Node } from './node.js';
import { handleRead, type ReadCall } from './read-call.js';
import { supportedMethods } from './server-features.js';

/** Plain data, so that a server in another process can be given them too. */
export interface ServerSettings {
  /** A free one when left out. */
  readonly port?: number;
  /** Most bytes of one append; 1 MiB when left out, as on servers before 25.1. */
  readonly maxAppendSize?: number;
  /** `classic`: as a server that does not know BatchAppend. */
  readonly appends?: 'batch' | 'classic';
}

export interface KurrentServerOptions extends ServerSettings {
  /** What it serves; empty when left out. */
  readonly memory?: KurrentMemory;
}

export interface KurrentServer {
  /** For the client; on 127.0.0.1. */
  readonly connectionString: string;
  readonly port: number;
  readonly memory: KurrentMemory;
  readonly faults: Faults;
  /** Events sent to readers and subscribers since the start. */
  readonly sentEvents: number;
  inject(fault: Fault): void;
  /** Destroys all connections; new ones are accepted. */
  killConnections(): void;
  /** Goes down with all its connections, and comes up `downMs` later on the same port with the same memory. */
  restart(downMs?: number): Promise<void>;
  /** Destroys all connections and stops listening; what is kept is kept by {@link memory}. */
  stop(): Promise<void>;
}

export async function startKurrentServer(options: KurrentServerOptions = {}): Promise<KurrentServer> {
  const memory = options.memory ?? new KurrentMemory();
  const sockets = new Set<Socket>();
  const node: Node = {
    memory,
    faults: new Faults(),
    maxAppendSize: options.maxAppendSize ?? 1024 * 1024,
    sentEvents: 0,
    authorize: () => undefined,
    leader: () => undefined,
    kill: (call) => {
      const peer = call.getPeer();
      for (const socket of sockets) if (peerOf(socket) === peer) socket.destroy();
    },
  };
  const grpc = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
  addServices(grpc, node, options);
  // The sockets are our own, so that a test can destroy them at any moment.
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const door = await openDoor(options.port ?? 0, sockets, (socket) => injector.injectConnection(socket));
  return {
    connectionString: `esdb://127.0.0.1:${door.port}?tls=false`,
    port: door.port,
    memory,
    faults: node.faults,
    get sentEvents() {
      return node.sentEvents;
    },
    inject: (fault) => {
      node.faults.inject(fault);
    },
    killConnections: () => {
      destroyAll(sockets);
    },
    restart: async (downMs = 0) => {
      await door.close();
      await later(downMs);
      await door.open();
    },
    stop: async () => {
      await door.close();
      grpc.forceShutdown();
    },
  };
}

/** Listens on 127.0.0.1, can close with all connections destroyed, and open again on the same port. */
async function openDoor(
  port: number,
  sockets: Set<Socket>,
  enter: (socket: Socket) => void,
): Promise<{ readonly port: number; open(): Promise<void>; close(): Promise<void> }> {
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    enter(socket);
  });
  const listen = (on: number): Promise<void> =>
    new Promise((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(on, '127.0.0.1', () => {
        listener.off('error', reject);
        resolve();
      });
    });
  await listen(port);
  const actual = (listener.address() as AddressInfo).port;
  return {
    port: actual,
    open: () => listen(actual),
    close: () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      destroyAll(sockets);
      return closed;
    },
  };
}

function destroyAll(sockets: ReadonlySet<Socket>): void {
  for (const socket of sockets) socket.destroy();
}

function addServices(grpc: Server, node: Node, options: KurrentServerOptions): void {
  const { read } = streams.StreamsService;
  const service = { ...streams.StreamsService, read: { ...read, responseSerialize: (encoded: Buffer) => encoded } };
  grpc.addService(service, {
    read: (call: ReadCall) => handleRead(node, call),
    append: (call: ServerReadableStream<AppendReq, AppendResp>, reply: sendUnaryData<AppendResp>) => {
      handleAppend(node, call, reply);
    },
  });
  grpc.addService(features.ServerFeaturesService, {
    getSupportedMethods: (_call: unknown, reply: sendUnaryData<SupportedMethods>) => {
      reply(null, supportedMethods(options.appends ?? 'batch'));
    },
  });
}

function peerOf(socket: Socket): string {
  return `${socket.remoteAddress}:${socket.remotePort}`;
}
