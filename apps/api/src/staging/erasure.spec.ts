import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { PeopleController } from './people.controller.js';

describe('POST /people/:id/erasure', () => {
  it('blanks what the read models say also when the books could not be kept after the erasure', async () => {
    const done: string[] = [];
    const controller = new PeopleController({
      people: {
        voucherIdsOfPerson: () => Promise.resolve(['v']),
        erasePerson: () => Promise.resolve({ status: 'erased' }),
      },
      ledger: {
        whileKeepingBooks: async (_: readonly string[], erase: () => Promise<object>) => {
          await erase();
          done.push('erased');
          throw new Error('The store is gone.');
        },
      },
      blankErased: () => Promise.resolve(done.push('blanked')),
    } as never);
    const erasure = controller.erase(randomUUID(), { reason: 'subject_request' }, { keyId: 'k' } as never);
    await expect(erasure).rejects.toThrow('The store is gone.');
    expect(done).toStrictEqual(['erased', 'blanked']);
  });
});
