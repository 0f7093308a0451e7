import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { createDonorRegister, createPeopleRegistry, type DonorRegister, type PeopleRegistry } from '@aidtrail/privacy';
import type { Config } from '../config/config.js';
import type { ServerKeys } from '../identity/server-keys.js';
import type { Closers } from './closers.js';
import { erasureListPath } from './database.js';
import type { Reproducible } from './reproducible.js';
import type { SealKeyRegisters } from './seal-keys.js';

/** The registers of people and donors, on the system's database. */
export async function openRegisters(
  config: Config,
  parts: {
    readonly pool: Pool;
    readonly keys: ServerKeys;
    readonly clock: () => number;
    /** Default: the operating system's generator. */
    readonly bytesFor?: Reproducible['bytesFor'] | undefined;
    /** See `PeopleRegistryOptions`. Whoever opens the registers after somebody else did has nothing to keep. */
    readonly keepBooks?: (
      voucherIds: readonly string[],
      registers: Pick<SealKeyRegisters, 'people' | 'donors'>,
    ) => Promise<void>;
    readonly closers: Closers;
  },
): Promise<{ readonly people: PeopleRegistry; readonly donors: DonorRegister }> {
  const { pool, keys, clock, closers, bytesFor = () => randomBytes } = parts;
  const shared = {
    pool,
    masterKey: keys.registryMasterKey,
    erasureListFile: erasureListPath(config),
    now: () => new Date(clock()),
  };
  const donors = await createDonorRegister({
    ...shared,
    randomBytes: bytesFor('donors'),
    ledgerSecret: keys.ledgerSecret,
  });
  closers.add(() => donors.close());
  const people = await createPeopleRegistry({
    ...shared,
    randomBytes: bytesFor('people'),
    peppers: [{ version: 1, key: keys.pepper }],
    keepBooks: async (voucherIds, keysOfPeople) => parts.keepBooks?.(voucherIds, { people: keysOfPeople, donors }),
  });
  closers.add(() => people.close());
  return { people, donors };
}
