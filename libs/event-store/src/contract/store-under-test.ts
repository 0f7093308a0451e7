import type { EventStore } from '../port.js';

/** An empty database with a first store on it. */
export interface StoreUnderTest {
  readonly store: EventStore;
  /** Opens one more store on the same data, as a second process would. */
  openAnother(): Promise<EventStore>;
  /** Closes every store that was opened and removes the data. */
  dispose(): Promise<void>;
}

/** Gives each test its own empty database. */
export type StoreFactory = () => Promise<StoreUnderTest>;
