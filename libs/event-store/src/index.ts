export * from './port.js';
export { createMemoryData, createMemoryEventStore } from './memory/memory-event-store.js';
export type { MemoryData } from './memory/memory-event-store.js';
export { readFirstEvent } from './postgres/first-event.js';
export { createPostgresEventStore } from './postgres/postgres-event-store.js';
export type { PostgresEventStoreOptions } from './postgres/postgres-event-store.js';
export type { CopyProgress, CopyResult } from './copying/copy-options.js';
export { copyStore } from './copying/copy-store.js';
export type { CopyableStore } from './copying/copyable-store.js';
