import type { Kysely } from 'kysely';
import type pg from 'pg';
import { RandomSource, type RandomBytes } from './crypto/random-source.js';
import { deriveKey, openOrThrow, seal } from './crypto/sealing.js';
import { openRegistryDatabase, requireSameSecretOrThrow, type DatabaseOptions } from './database/registry-database.js';
import type { RegistryTables } from './database/schema.js';
import { openErasureList, type ErasureList } from './erasure-list.js';

/** What both registers need. `masterKey` has 32 bytes and is kept outside the database and its backups. */
export type RegisterOptions = DatabaseOptions & {
  readonly masterKey: Uint8Array;
  /** Outside the database and its backups; the directory must exist. */
  readonly erasureListFile: string;
  readonly randomBytes: RandomBytes;
  readonly now: () => Date;
};

/** What the parts of a register share. */
export interface RegistryContext {
  readonly db: Kysely<RegistryTables>;
  readonly pool: pg.Pool;
  readonly random: RandomSource;
  readonly now: () => Date;
  readonly erasures: ErasureList;
  readonly keys: KeyWrapper;
  /** Key of the digest that recognises a roster file; a plain digest of a short list could be guessed. */
  readonly fileKey: Uint8Array;
  close(): Promise<void>;
}

/** Wraps keys under the master key, each bound to the one place where it is used. */
export interface KeyWrapper {
  wrap(key: Uint8Array, place: string): Buffer;
  /** Throws SealBroken. */
  unwrapOrThrow(wrapped: Uint8Array, place: string): Buffer;
}

export async function openRegistryContext(options: RegisterOptions): Promise<RegistryContext> {
  if (options.masterKey.length !== 32) throw new RangeError('The master key has 32 bytes.');
  const database = await openRegistryDatabase(options);
  const { db, pool } = database;
  const random = new RandomSource(options.randomBytes);
  try {
    await requireSameSecretOrThrow(db, { name: 'master-key', key: options.masterKey });
  } catch (error) {
    await database.close();
    throw error;
  }
  const wrappingKey = deriveKey(options.masterKey, 'key-wrapping');
  return {
    db,
    pool,
    random,
    now: options.now,
    erasures: openErasureList(options.erasureListFile),
    keys: {
      wrap: (key, place) => seal(wrappingKey, key, place, random.take(12)),
      unwrapOrThrow: (wrapped, place) => openOrThrow(wrappingKey, wrapped, place),
    },
    fileKey: deriveKey(options.masterKey, 'roster-file-digest'),
    close: () => database.close(),
  };
}

/** The places that sealed values are bound to. */
export const places = {
  personKey: (personId: string) => `person-key:${personId}`,
  person: (personId: string) => `person:${personId}`,
  rosterRow: (rosterId: string, personId: string) => `roster-row:${rosterId}:${personId}`,
  batchSecret: (batchId: string) => `batch-secret:${batchId}`,
  batchRow: (voucherId: string) => `batch-row:${voucherId}`,
  donationKey: (donationId: string) => `donation-key:${donationId}`,
  donation: (donationId: string) => `donation:${donationId}`,
  donorContact: (donationId: string) => `donor-contact:${donationId}`,
} as const;
