/**
 * A server for tests that speaks the v1 protocol of EventStoreDB 20.6 to KurrentDB 26, so that the real client can be
 * tested over the wire. What it proves and what it does not: docs/kurrentdb.md. Behaviour follows the protocol files and
 * the BSD-licensed server of 2024; messages and services are the definitions that the client ships.
 */
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { setTimeout as later } from 'node:timers/promises';
import { authorizeBy, type KurrentUser } from './access.js';
import type { NodeCertificate } from './certificates.js';
import { openDoor } from './door.js';
import { Faults, type Fault } from './faults.js';
import type { Member } from './gossip.js';
import { KurrentMemory } from './memory.js';
import type { Node } from './node.js';
import type { Endpoint } from './rpc-errors.js';
import { addServices } from './services.js';

/** Plain data, so that a server in another process can be given them too. */
export interface ServerSettings {
  /** A free one when left out. */
  readonly port?: number;
  /** Most bytes of one append: types, data and metadata. 1 MiB when left out, as on servers before 25.1. */
  readonly maxAppendSize?: number;
  /** `classic`: as a server without BatchAppend; `unknown`: as one that cannot even be asked. `batch` when left out. */
  readonly appends?: 'batch' | 'classic' | 'unknown';
  /** Encrypted; the client sends credentials only then. */
  readonly tls?: NodeCertificate;
  /** By name. Everybody may do everything when left out. */
  readonly users?: Readonly<Record<string, KurrentUser>>;
}

export interface KurrentServerOptions extends ServerSettings {
  /** What it serves; empty when left out. */
  readonly memory?: KurrentMemory;
  /** The cluster that it is a node of; alone, and so the leader, when left out. */
  readonly cluster?: ClusterView;
}

/** What a node knows about the others. */
export interface ClusterView {
  readonly members: () => readonly Member[];
}

export interface KurrentServer {
  /** For the client: 127.0.0.1, or `localhost` with TLS. */
  readonly connectionString: string;
  /** With a user's name and password in it. */
  connectionStringAs(name: string, password: string): string;
  readonly endpoint: Endpoint;
  readonly memory: KurrentMemory;
  /** Events sent to readers and subscribers since the start. */
  readonly sentEvents: number;
  inject(fault: Fault): void;
  /** Forgets the faults that have not struck yet. */
  clearFaults(): void;
  /** Destroys all connections; new ones are accepted. */
  killConnections(): void;
  /** Goes down with all its connections, and comes up `downMs` later on the same port with the same memory. */
  restart(downMs?: number): Promise<void>;
  /** Destroys all connections and stops listening; what is kept is kept by {@link memory}. */
  stop(): Promise<void>;
}

/** In this process. See also `forkKurrentServer`. */
export async function startKurrentServer(options: KurrentServerOptions = {}): Promise<KurrentServer> {
  const { tls, users } = options;
  const memory = options.memory ?? new KurrentMemory();
  const grpc = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
  const injector = grpc.createConnectionInjector(credentialsOf(tls));
  const door = await openDoor(options.port ?? 0, (socket) => injector.injectConnection(socket));
  const endpoint = { host: tls === undefined ? '127.0.0.1' : 'localhost', port: door.port };
  const members = options.cluster?.members ?? (() => [{ ...endpoint, state: 'leader', isAlive: true }] as const);
  const node: Node = {
    memory,
    faults: new Faults(),
    maxAppendSize: options.maxAppendSize ?? 1024 * 1024,
    sentEvents: 0,
    authorize: users === undefined ? () => undefined : authorizeBy(users, memory),
    leader: () => members().find(({ state, port }) => state === 'leader' && port !== endpoint.port),
    kill: (call) => {
      door.kill(call.getPeer());
    },
  };
  addServices(grpc, node, { appends: options.appends ?? 'batch', members });
  const connectionString = (as = ''): string =>
    `esdb://${as}${endpoint.host}:${endpoint.port}?${tls === undefined ? 'tls=false' : `tls=true&tlsCAFile=${tls.caFile}`}`;
  return {
    connectionString: connectionString(),
    connectionStringAs: (name, password) =>
      connectionString(`${encodeURIComponent(name)}:${encodeURIComponent(password)}@`),
    endpoint,
    memory,
    get sentEvents() {
      return node.sentEvents;
    },
    inject: (fault) => {
      node.faults.inject(fault);
    },
    clearFaults: () => {
      node.faults.clear();
    },
    killConnections: () => {
      door.kill();
    },
    restart: async (downMs = 0) => {
      await door.close();
      await later(downMs);
      await door.open();
    },
    stop: async () => {
      await door.close();
      injector.destroy();
      grpc.forceShutdown();
    },
  };
}

function credentialsOf(tls: NodeCertificate | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const pair = { cert_chain: Buffer.from(tls.certificate), private_key: Buffer.from(tls.key) };
  return ServerCredentials.createSsl(null, [pair]);
}
