import { CryptoPool, nodeSha256, sodiumVerifier } from '@aidtrail/crypto-node';
import type { EventStore } from '@aidtrail/event-store';
import {
  createLedger,
  createPostgresCheckpointStore,
  createPostgresPolicyMemory,
  keepMerchants,
  requireStoreHolds,
  type CheckpointStore,
  type Ledger,
  type LedgerObserver,
} from '@aidtrail/ledger';
import type { DonorRegister, PeopleRegistry } from '@aidtrail/privacy';
import { createNoteSigner, createTreeHasher, type LogPolicy } from '@aidtrail/public-log';
import type { Projector, ReadDatabase } from '@aidtrail/read-models';
import { ConfigProblem, type Calendar, type Config, type Role } from '../config/config.js';
import { openPublicFigures } from '../figures/open-public-figures.js';
import type { PublishedFigures } from '../figures/published-figures.js';
import { createDatabaseWatch, type DatabaseWatch } from '../health/database-watch.js';
import type { LedgerFile } from '../identity/ledger-file.js';
import { openedLedgerOrThrow } from '../identity/opening.js';
import { readServerKeysOrThrow, type ServerKeys } from '../identity/server-keys.js';
import { holdAsServer } from '../moving/nobody-serves.js';
import { requireNoUnfinishedCopy } from '../moving/unfinished-copy.js';
import type { OpenedLog, PublishedLog } from '../publisher/open-log.js';
import { NO_WITNESSES } from '../witnesses/policy-file.js';
import { background, backgroundLoops } from './background.js';
import { Closers } from './closers.js';
import { newestCheckpointPath, openSystemDatabase } from './database.js';
import type { DisclosureLister } from './disclosure-reader.js';
import { firstEventOf, openEventStore } from './event-store.js';
import { requireCurrentEventKey, requireOwnStore } from './identity-check.js';
import { createLedgerCrypto } from './ledger-crypto.js';
import { openReadSide } from './read-side.js';
import { openRegisters } from './registers.js';
import { requireDemo, type Reproducible } from './reproducible.js';
import { rememberOutside, requireNotRolledBack } from './remembered-checkpoint.js';
import { createSealKeys } from './seal-keys.js';
import { checkSystemLog, openSystemLog, systemPolicy } from './system-log.js';

/** Everything that a process of this ledger works with, put together once. */
export interface System {
  readonly file: LedgerFile;
  /** What this process is there for. */
  readonly role: Role;
  readonly slotMilliseconds: number;
  readonly calendar: Calendar;
  readonly store: EventStore;
  readonly database: DatabaseWatch;
  readonly checkpoints: CheckpointStore;
  readonly ledger: Ledger;
  /** What of the log is published. */
  readonly log: PublishedLog;
  /** What of the public figures is published. */
  readonly figures: PublishedFigures;
  /** Publishes them now if they changed, in a process that leads; for `demo --deterministic`: a slot does it by itself. */
  publishFigures(): Promise<void>;
  readonly people: PeopleRegistry;
  readonly donors: DonorRegister;
  /** For questions and rebuilds; once `start` was called, the read models follow the log in a thread of their own. */
  readonly projector: Projector;
  readonly reads: ReadDatabase;
  /** Opens what is private in events, to be handed to an auditor. */
  readonly disclosures: DisclosureLister;
  /**
   * To be called after an erasure: takes out of the read models what the erased left there. Never rejects; what it does
   * not get done within some seconds, the background work does.
   */
  blankErased(): Promise<void>;
  /**
   * Begins the background work of this process's role; of several processes that have it, one does checkpoints,
   * publishing, policies, projection and blanking at a time. `failed` is told when it had to stop for good.
   */
  start(failed: (fault: unknown) => void): void;
  /** Stops the background work, then releases everything; the embedded database last. Can be repeated. */
  close(): Promise<void>;
}

export interface SystemOptions {
  readonly observer?: LedgerObserver;
  /** Wraps the event store, to measure it. */
  readonly wrapStore?: (store: EventStore) => EventStore;
  /** What went wrong in the background and is tried again; without personal data. */
  readonly onFault?: (where: string, fault: unknown) => void;
  /** What an operator should look at although the ledger can be opened; without personal data. */
  readonly onWarning?: (sentence: string) => void;
  readonly clock?: () => number;
  /** Opens the ledger although its event key has been rotated and `keys/event.key` not exchanged: to finish just that. */
  readonly acceptRetiredEventKey?: boolean;
  /** For demos that come out the same in every run; refused for any other ledger. */
  readonly reproducible?: Reproducible | undefined;
}

/**
 * Opens the ledger of a data directory. Throws, with everything closed again, when the directory was not initialised,
 * when a key file is unsafe or missing, when the calendar is free and the ledger no demo, when the
 * store holds another ledger, an older copy of this one, or a copy that is not finished.
 */
export async function openSystem(config: Config, options: SystemOptions = {}): Promise<System> {
  const file = await openedLedgerOrThrow(config.dataDirectory, sodiumVerifier);
  if (config.calendar === 'free' && !file.demo) {
    throw new ConfigProblem([`AIDTRAIL_CALENDAR: free is for demo ledgers, and ${file.origin} is none`]);
  }
  await requireNoUnfinishedCopy(config);
  const keys = await readServerKeysOrThrow(config.dataDirectory);
  const system = await open(config, {
    file,
    keys,
    options,
    // Before any table is created or changed: it might be somebody else's.
    admit: async (firstEvent) => {
      const first = await firstEvent();
      requireOwnStore(first, file);
      return systemPolicy(config, { file, leafZero: first as Uint8Array, onWarning: options.onWarning });
    },
  });
  try {
    if (options.acceptRetiredEventKey !== true) await requireCurrentEventKey(system.ledger, keys.eventSigner.publicKey);
    const warning = await requireNotRolledBack(system.checkpoints, newestCheckpointPath(config));
    if (warning !== undefined) options.onWarning?.(warning);
    const doubt = await checkSystemLog(system);
    if (doubt !== undefined) options.onWarning?.(doubt);
    await requireStoreHolds(system.store, await system.checkpoints.newest(), createTreeHasher(nodeSha256));
    // What was published before is told from the first question on.
    await system.publisher.look();
    await system.figures.look();
    return system;
  } catch (error) {
    await system.close();
    throw error;
  }
}

/** Puts the parts together without asking whose events the store holds: for `init`, which makes leaf 0. */
export async function assembleSystem(
  config: Config,
  { file, keys }: { readonly file: LedgerFile; readonly keys: ServerKeys },
  options: SystemOptions = {},
): Promise<System> {
  return open(config, { file, keys, options, admit: () => Promise.resolve(NO_WITNESSES) });
}

/** With what only a start asks: whether what is published and witnessed may be gone on from. */
type OpenedSystem = System & Pick<OpenedLog, 'publisher' | 'witnesses'>;

async function open(config: Config, parts: Omit<Parts, 'closers'>): Promise<OpenedSystem> {
  const closers = new Closers();
  try {
    return await assemble(config, { ...parts, closers });
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

interface Parts {
  readonly file: LedgerFile;
  readonly keys: ServerKeys;
  readonly options: SystemOptions;
  /** Asked once the database answers, and before anything is made in it; throws to go no further. Gives the policy. */
  readonly admit: (firstEvent: () => Promise<Uint8Array | undefined>) => Promise<LogPolicy>;
  readonly closers: Closers;
}

async function assemble(config: Config, { file, keys, options, admit, closers }: Parts): Promise<OpenedSystem> {
  requireDemo(options.reproducible, file);
  const clock = options.clock ?? Date.now;
  const tell = (where: string, fault: unknown) => options.onFault?.(where, fault);
  const onFault = (where: string) => (fault: unknown) => tell(where, fault);
  const database = await openSystemDatabase(config);
  closers.add(() => database.close());
  const { connectionString, pool } = database;
  const serving = await holdAsServer(connectionString);
  closers.add(() => serving.release());
  const ownStore = await openEventStore(config, { connectionString });
  closers.add(() => ownStore.close());
  const policy = await admit(() => firstEventOf(config, { pool, store: ownStore }));
  const store = options.wrapStore?.(ownStore) ?? ownStore;
  const threads = new CryptoPool({ workers: config.workers, seed: keys.eventSeed });
  closers.add(() => threads.close());
  const crypto = createLedgerCrypto(keys.eventSigner, threads);
  const memory = await createPostgresPolicyMemory(pool);
  const { ledgerSecret } = keys;
  const { people, donors } = await openRegisters(config, {
    pool,
    keys,
    clock,
    bytesFor: options.reproducible?.bytesFor,
    closers,
    keepBooks: (voucherIds, registers) => {
      const sealKeys = createSealKeys({ ...registers, ledgerSecret });
      return keepMerchants({ store, sealKeys, crypto, memory }, voucherIds);
    },
  });
  const sealKeys = createSealKeys({ people, donors, ledgerSecret });
  const checkpoints = rememberOutside(await createPostgresCheckpointStore(pool), newestCheckpointPath(config));
  const checkpointSigner = createNoteSigner(file.origin, keys.checkpointSigner);
  const readSide = openReadSide({ connectionString, store, sealKeys, crypto, people, closers, onFault });
  const { blanking, reads } = readSide;
  const isPlayed = options.reproducible !== undefined;
  const figures = await openPublicFigures(config, {
    ...{ origin: file.origin, store, reads, options },
    ledger: () => ledger,
    publishedSize: () => opened.log.status().publishedSize,
  });
  const ledger = createLedger({
    origin: file.origin,
    store,
    sealKeys,
    crypto,
    checkpoints,
    memory,
    people,
    donors,
    ledgerSecret,
    checkpointSigner,
    clock,
    slotMilliseconds: config.slotMilliseconds,
    utcOffsetMinutes: file.utcOffsetMinutes,
    k: file.k,
    ...(isPlayed ? {} : { beforeSigning: figures.publish }),
    onFault: tell,
    ...(options.observer === undefined ? {} : { observer: options.observer }),
  });
  const { key } = checkpointSigner;
  const opened = await openSystemLog(config, { pool, store, checkpoints, policy, key, onFault: tell });
  const work = { ledger, opened, blanking, figures, serving };
  const loops = backgroundLoops(config, { ...work, connectionString, isPlayed, onFault });
  const { role, slotMilliseconds, calendar } = config;
  const stores = { store, database: createDatabaseWatch(config, pool), checkpoints, people, donors };
  const parts = { file, role, slotMilliseconds, calendar, ledger, ...stores };
  const ofFigures = { figures: figures.watch, publishFigures: figures.publish };
  return { ...parts, ...opened, ...ofFigures, ...readSide, ...background(loops, closers) };
}
