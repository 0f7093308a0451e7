import { randomBytes, randomUUID } from 'node:crypto';
import { sodiumSigner, sodiumVerifier } from '@aidtrail/crypto-node';
import {
  base64Encode,
  encodeCommandEnvelope,
  makePrivateFields,
  signCommand,
  type JsonValue,
  type SignedCommand,
  type Signer,
} from '@aidtrail/envelope';
import { createMemoryEventStore, type EventStore } from '@aidtrail/event-store';
import { createLedger, createMemoryCheckpointStore, createMemoryPolicyMemory, EMPTY_ROOT } from '@aidtrail/ledger';
import {
  createLogger,
  draftOpening,
  openingCommandOrThrow,
  signOpening,
  type Logger,
  type System,
} from '@aidtrail/nest';
import { createNoteSigner, formatVkey } from '@aidtrail/public-log';
import { inlineCrypto } from '@aidtrail/testing/ledger';
import { EMPTY } from 'rxjs';
import { createApp } from '../app/create-app.js';
import type { ConnectionLimits } from '../http/connection-limits.js';
import type { Site } from '../site/site.js';
import { Metrics } from '../metrics/metrics.js';

export const ORIGIN = 'ledger.example/test';

export interface MemoryApiOptions {
  readonly wrapStore?: (store: EventStore) => EventStore;
  readonly logger?: Logger;
  /** Milliseconds; sessions and promises depend on it. */
  readonly clock?: () => number;
  readonly system?: Partial<System>;
  /** Default 0: no limit. */
  readonly publicRequestsPerMinute?: number;
  readonly trustedProxies?: readonly string[];
  readonly monitorToken?: string;
  readonly limits?: Partial<ConnectionLimits>;
  /** Default: none. */
  readonly site?: Site;
}

/** The API over real HTTP and a ledger in memory: two root officers, nothing else. */
export interface MemoryApi {
  readonly url: string;
  readonly store: EventStore;
  readonly system: System;
  readonly metrics: Metrics;
  readonly roots: readonly [Signer, Signer];
  /** Builds and signs a command; `more` overrides members of its body. */
  sign(type: string, data: object, signers: readonly Signer[], more?: object): SignedCommand;
  post(command: SignedCommand): Promise<Response>;
  /** Enrols a key by one root and approves it by the other. `hidden`: its private fields. */
  enroll(role: string, officer?: string, hidden?: Readonly<Record<string, JsonValue>>): Promise<Signer>;
  close(): Promise<void>;
}

export async function startMemoryApi(options: MemoryApiOptions = {}): Promise<MemoryApi> {
  const memory = createMemoryEventStore();
  const store = options.wrapStore?.(memory) ?? memory;
  const roots = [newSigner(), newSigner()] as const;
  const system = await openMemorySystem(store, roots, options);
  const metrics = new Metrics();
  const parts = { system, metrics, logger: options.logger ?? createLogger('silent') };
  const { publicRequestsPerMinute = 0, trustedProxies = [], limits = {} } = options;
  const app = await createApp({
    ...parts,
    clock: options.clock ?? Date.now,
    publicRequestsPerMinute,
    trustedProxies,
    limits,
    monitorToken: options.monitorToken,
    site: options.site ?? { files: new Map(), contentSecurityPolicy: '' },
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const bodyOf = (type: string, data: object, { keyId: key }: Signer) => {
    const anchor = { size: 0, root: EMPTY_ROOT };
    return { v: 1, log: ORIGIN, type, id: randomUUID(), key, anchor, data };
  };
  const sign: MemoryApi['sign'] = (type, data, signers, more = {}) =>
    signCommand({ body: { ...bodyOf(type, data, signers[0] as Signer), ...more } as never, signers });
  const post = (command: SignedCommand) => postJson(`${url}/commands`, JSON.stringify(encodeCommandEnvelope(command)));
  const enroll: MemoryApi['enroll'] = async (role, officer, hidden = {}) => {
    const signer = newSigner();
    const data = { publicKey: base64Encode(signer.publicKey), role, ...(officer === undefined ? {} : { officer }) };
    const { disclosures, _sd } = makePrivateFields({ fields: hidden, randomBytes });
    const body = { ...bodyOf('EnrollKey', data, roots[0]), ...(_sd.length === 0 ? {} : { _sd }) };
    await requireOk(await post(signCommand({ body: body as never, signers: [roots[0]], disclosures })));
    await requireOk(await post(sign('ApproveKey', { key: signer.keyId }, [roots[1]])));
    return signer;
  };
  return { url, store, system, metrics, roots, sign, post, enroll, close: () => app.close() };
}

export function newSigner(): Signer {
  return sodiumSigner(randomBytes(32));
}

export function postJson(url: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
}

async function requireOk(response: Response): Promise<void> {
  if (!response.ok) throw new Error(await response.text());
}

async function openMemorySystem(
  store: EventStore,
  roots: readonly [Signer, Signer],
  options: MemoryApiOptions,
): Promise<System> {
  const [eventSigner, checkpointSigner] = [newSigner(), createNoteSigner(ORIGIN, newSigner())];
  const checkpoints = createMemoryCheckpointStore();
  const key = randomBytes(32);
  const ledger = createLedger({
    origin: ORIGIN,
    store,
    sealKeys: { keysOf: (streams) => Promise.resolve(new Map(streams.map((stream) => [stream, key]))) },
    crypto: inlineCrypto(eventSigner),
    checkpoints,
    memory: createMemoryPolicyMemory(),
    people: undefined as never,
    donors: undefined as never,
    ledgerSecret: key,
    checkpointSigner,
    clock: options.clock ?? Date.now,
    slotMilliseconds: 1_000,
    utcOffsetMinutes: 480,
    k: 10,
  });
  const terms = {
    origin: ORIGIN,
    roots: roots.map(({ publicKey }, i) => ({ officer: `root-${i + 1}`, publicKey: base64Encode(publicKey) })),
    eventKey: base64Encode(eventSigner.publicKey),
    checkpointVkey: formatVkey(checkpointSigner.key),
    utcOffsetMinutes: 480,
    currency: 'CNY',
    openingDay: '2026-11-01',
    k: 10,
  };
  const opening = roots.reduce(signOpening, draftOpening(terms, randomUUID()));
  const opened = await ledger.handle(openingCommandOrThrow(opening, sodiumVerifier));
  if (opened.kind !== 'accepted') throw new Error('The ledger was not opened.');
  return {
    file: { ...terms, demo: false },
    role: 'all',
    slotMilliseconds: 1_000,
    // Days of specs are not those of the machine that runs them.
    calendar: 'free',
    store,
    database: { look: () => Promise.resolve({ isWritable: true, isLed: true }) },
    checkpoints,
    ledger,
    log: {
      checkpoint: async () => (await checkpoints.newest())?.note,
      witnessedCheckpoint: () => Promise.resolve(undefined),
      tile: () => Promise.resolve(undefined),
      status: () => ({ publishedSize: 0, quorum: 'none', witnesses: [] }),
      policy: () => Promise.resolve(undefined),
    },
    figures: {
      newest: () => undefined,
      look: () => Promise.resolve(),
      changes: EMPTY,
      countedSize: () => 0,
      sizes: EMPTY,
    },
    publishFigures: () => Promise.resolve(),
    people: undefined as never,
    donors: undefined as never,
    projector: { position: () => store.head() } as never,
    reads: undefined as never,
    disclosures: undefined as never,
    blankErased: () => Promise.resolve(),
    start: () => undefined,
    close: () => store.close(),
    ...options.system,
  };
}
