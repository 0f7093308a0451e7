import { randomUUID } from 'node:crypto';
import { startKurrentServer } from '@aidtrail/testing/kurrentdb';
import { eventStoreContract, type StoreUnderTest } from '../contract.js';
import type { EventStore } from '../port.js';
import { createKurrentEventStore, type KurrentEventStoreOptions } from './kurrent-event-store.js';

eventStoreContract('kurrentdb over the wire', async () => {
  const server = await startKurrentServer();
  return storesOn({ connectionString: server.connectionString }, () => server.stop());
});

const real = process.env['KURRENTDB_URL'];
if (real === undefined) {
  process.stderr.write(
    'The contract was not run against a real KurrentDB: KURRENTDB_URL=esdb://… npm test -- libs/event-store/src/kurrentdb\n',
  );
} else {
  const run = randomUUID().slice(0, 8);
  let prefixes = 0;
  eventStoreContract('a real kurrentdb', async () => {
    prefixes += 1;
    return storesOn({ connectionString: real, prefix: `t_${run}_${prefixes}` });
  });
}

async function storesOn(
  options: KurrentEventStoreOptions,
  stop: () => Promise<void> = () => Promise.resolve(),
): Promise<StoreUnderTest> {
  const stores: EventStore[] = [];
  const openAnother = async (): Promise<EventStore> => {
    const store = createKurrentEventStore(options);
    stores.push(store);
    return store;
  };
  return {
    store: await openAnother(),
    openAnother,
    dispose: async () => {
      await Promise.all(stores.map((store) => store.close()));
      await stop();
    },
  };
}
