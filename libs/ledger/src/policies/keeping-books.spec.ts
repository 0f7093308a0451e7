import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '@aidtrail/event-store';
import { erasing } from './keeping-books.js';

describe('an erasure after which the store stays away', () => {
  it('is done, and says so by the fault, when the patience is over', async () => {
    const done: string[] = [];
    let isErased = false;
    const books = {
      patienceMilliseconds: 500,
      sealKeys: { keysOf: () => Promise.resolve(new Map()) },
      store: {
        readStreams: () => {
          done.push('read');
          return isErased ? Promise.reject(new StoreUnavailable('no answer')) : Promise.resolve(new Map());
        },
      },
    };
    const erasure = erasing(books as never, ['v'], () => {
      done.push('erased');
      isErased = true;
      return Promise.resolve('erased');
    });
    await expect(erasure).rejects.toThrow('no answer');
    // At once and after 200 ms; the next time would be after another 400.
    expect(done).toStrictEqual(['read', 'erased', 'read', 'read']);
  });
});

describe('an erasure that fails', () => {
  it('still keeps what came meanwhile, for its keys may be gone, and throws its own fault', async () => {
    let reads = 0;
    const books = {
      sealKeys: { keysOf: () => Promise.resolve(new Map()) },
      store: {
        readStreams: () => {
          reads += 1;
          return Promise.resolve(new Map());
        },
      },
    };
    const erasure = erasing(books as never, ['v'], () => Promise.reject(new Error('the reply was lost')));
    await expect(erasure).rejects.toThrow('the reply was lost');
    expect(reads).toBe(2);
  });
});
