/**
 * The contract suite of the event store port: what `port.ts` promises, held against each adapter without exceptions.
 * Call it at the top level of a spec; it declares a `describe` block.
 */
import { afterEach, beforeEach, describe } from '@jest/globals';
import { appendContract } from './contract/appends.js';
import { bulkContract } from './contract/bulk.js';
import { commandContract } from './contract/commands.js';
import { lifecycleContract } from './contract/lifecycle.js';
import { limitsContract } from './contract/limits.js';
import { raceContract } from './contract/races.js';
import { readContract } from './contract/reads.js';
import { subscriptionContract } from './contract/subscriptions.js';
import type { StoreFactory, StoreUnderTest } from './contract/store-under-test.js';

export type { StoreFactory, StoreUnderTest };

export function eventStoreContract(name: string, factory: StoreFactory): void {
  describe(`event store contract: ${name}`, () => {
    let current: StoreUnderTest | undefined;
    const under = (): StoreUnderTest => {
      if (!current) throw new Error('the store is there only while a test runs');
      return current;
    };
    beforeEach(async () => {
      current = await factory();
    });
    afterEach(async () => {
      await current?.dispose();
      current = undefined;
    });

    appendContract(under);
    bulkContract(under);
    commandContract(under);
    raceContract(under);
    readContract(under);
    subscriptionContract(under);
    limitsContract(under);
    lifecycleContract(under);
  });
}
