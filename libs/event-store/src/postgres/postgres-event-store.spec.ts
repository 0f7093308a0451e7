import { afterAll, beforeAll } from '@jest/globals';
import { testDatabase } from '@aidtrail/testing/postgres';
import type { TestDatabase } from '@aidtrail/testing/postgres';
import { eventStoreContract } from '../contract.js';
import { createPostgresEventStore } from './postgres-event-store.js';
import type { EventStore } from '../port.js';

let database: TestDatabase;
let schemas = 0;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

eventStoreContract('postgres', async () => {
  schemas += 1;
  const schema = `ledger_${schemas}`;
  const stores: EventStore[] = [];
  const openAnother = async (): Promise<EventStore> => {
    const store = createPostgresEventStore({ connectionString: database.connectionString, schema, readConnections: 3 });
    stores.push(store);
    return store;
  };
  return {
    store: await openAnother(),
    openAnother,
    dispose: async () => {
      await Promise.all(stores.map((store) => store.close()));
    },
  };
});
