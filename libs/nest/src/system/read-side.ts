import type { EventStore } from '@aidtrail/event-store';
import type { LedgerCrypto, SealKeys } from '@aidtrail/ledger';
import type { PeopleRegistry } from '@aidtrail/privacy';
import { createProjector, openReadDatabase, type Projector, type ReadDatabase } from '@aidtrail/read-models';
import { blankLeftovers, type BlankingParts } from './blank-leftovers.js';
import type { Closers } from './closers.js';
import { createDisclosureLister, createDisclosureReader, type DisclosureLister } from './disclosure-reader.js';

/** How long whoever ordered an erasure waits for the read models. */
const BLANKING_PATIENCE_MILLISECONDS = 3_000;

export interface ReadSide {
  readonly reads: ReadDatabase;
  readonly projector: Projector;
  readonly disclosures: DisclosureLister;
  readonly blanking: BlankingParts;
  blankErased(): Promise<void>;
}

/** The read models of a ledger, and what looks into them. */
export function openReadSide(parts: {
  readonly connectionString: string;
  readonly store: EventStore;
  readonly sealKeys: SealKeys;
  readonly crypto: LedgerCrypto;
  readonly people: PeopleRegistry;
  readonly closers: Closers;
  readonly onFault: (where: string) => (fault: unknown) => void;
}): ReadSide {
  const { closers, connectionString, crypto, onFault, people, sealKeys, store } = parts;
  const reads = openReadDatabase({ connectionString });
  closers.add(() => reads.close());
  const projector = createProjector({
    store,
    disclosures: createDisclosureReader(sealKeys, crypto),
    connectionString,
    onRetry: onFault('projector'),
  });
  closers.add(() => projector.close());
  const blanking = { people, store, projector, reads };
  return {
    ...{ reads, projector, blanking },
    disclosures: createDisclosureLister(sealKeys, crypto),
    blankErased: async () => {
      await blankLeftovers(blanking, { patience: BLANKING_PATIENCE_MILLISECONDS }).catch(onFault('blanking'));
    },
  };
}
