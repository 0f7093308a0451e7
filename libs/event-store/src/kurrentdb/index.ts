export { createKurrentEventStore } from './kurrent-event-store.js';
export type { KurrentEventStoreOptions } from './kurrent-event-store.js';
