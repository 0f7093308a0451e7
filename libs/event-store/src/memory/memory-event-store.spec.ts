import { eventStoreContract } from '../contract.js';
import { createMemoryData, createMemoryEventStore } from './memory-event-store.js';
import type { EventStore } from '../port.js';

eventStoreContract('memory', async () => {
  const data = createMemoryData();
  const stores: EventStore[] = [];
  const openAnother = async (): Promise<EventStore> => {
    const store = createMemoryEventStore({ data });
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
