export * from './port.js';
export { createMemoryData, createMemoryEventStore } from './memory/memory-event-store.js';
export type { MemoryData } from './memory/memory-event-store.js';
