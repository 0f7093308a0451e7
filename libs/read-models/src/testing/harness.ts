import { createMemoryEventStore, type EventStore } from '@aidtrail/event-store';
import { openReadDatabase, type ReadDatabase } from '../database.js';
import { createProjector, type Projector, type ProjectorOptions } from '../projector/projector.js';
import type { SyntheticLog } from './synthetic-log.js';

/** A log in a memory store, and a way to project it; used by the specs of this library. */
export interface Harness {
  readonly read: ReadDatabase;
  readonly store: EventStore;
  projector(options?: Partial<ProjectorOptions>): Projector;
  /** Appends what is new and projects it with a fresh projector. */
  project(options?: Partial<ProjectorOptions>): Promise<void>;
  digest(): Promise<string>;
  close(): Promise<void>;
}

export function createHarness(connectionString: string, log: SyntheticLog): Harness {
  const read = openReadDatabase({ connectionString, maxConnections: 4 });
  const store = createMemoryEventStore();
  const made: Projector[] = [];
  const harness: Harness = {
    read,
    store,
    projector(options) {
      const projector = createProjector({ store, disclosures: log.disclosures(), connectionString, ...options });
      made.push(projector);
      return projector;
    },
    async project(options) {
      await log.appendTo(store);
      await harness.projector(options).catchUp();
    },
    digest: () => harness.projector().tablesDigest(),
    async close() {
      for (const projector of made) await projector.close();
      await read.close();
    },
  };
  return harness;
}
