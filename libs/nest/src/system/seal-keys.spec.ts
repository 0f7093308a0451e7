import { describe, expect, it } from '@jest/globals';
import { createSealKeys } from './seal-keys.js';

type Key = Uint8Array | 'erased';

function register(known: Readonly<Record<string, Key>>) {
  const asked: string[][] = [];
  return {
    asked,
    sealKeysOf: async (ids: readonly string[]) => {
      asked.push([...ids]);
      return new Map(ids.flatMap((id): [string, Key][] => (known[id] === undefined ? [] : [[id, known[id]]])));
    },
  };
}

describe('seal keys', () => {
  const ledgerSecret = new Uint8Array(32).fill(7);
  const key = (fill: number) => new Uint8Array(32).fill(fill);
  const none = register({});

  it('takes the keys of vouchers and donations from their registers and derives all others', async () => {
    const people = register({ v1: key(1), v2: 'erased' });
    const donors = register({ d1: key(2) });
    const keys = createSealKeys({ people, donors, ledgerSecret });
    const streams = ['voucher-v1', 'voucher-v2', 'donation-d1', 'fund-a', 'key-b'];
    const found = await keys.keysOf(streams);
    expect([...found.keys()].sort()).toEqual([...streams].sort());
    expect(found.get('voucher-v1')).toEqual(key(1));
    expect(found.get('voucher-v2')).toBe('erased');
    expect(found.get('donation-d1')).toEqual(key(2));
    expect(found.get('fund-a')).toHaveLength(32);
    expect(found.get('fund-a')).not.toEqual(found.get('key-b'));
  });

  it('derives the same key in every process that has the same secret, and another with another', async () => {
    const derived = async (secret: Uint8Array) =>
      (await createSealKeys({ people: none, donors: none, ledgerSecret: secret }).keysOf(['fund-a'])).get('fund-a');
    expect(await derived(ledgerSecret)).toEqual(await derived(new Uint8Array(ledgerSecret)));
    expect(await derived(ledgerSecret)).not.toEqual(await derived(key(8)));
  });

  it('asks a register once for all that is wanted in one turn, and again in the next: keys are not kept', async () => {
    const people = register({ v1: key(1), v2: key(2) });
    const keys = createSealKeys({ people, donors: none, ledgerSecret });
    await Promise.all([keys.keysOf(['voucher-v1']), keys.keysOf(['voucher-v2']), keys.keysOf(['voucher-v1'])]);
    expect(people.asked).toEqual([['v1', 'v2']]);
    await keys.keysOf(['voucher-v1']);
    expect(people.asked).toEqual([['v1', 'v2'], ['v1']]);
  });

  it('does not ask a register for streams that are not its own', async () => {
    const people = register({});
    await createSealKeys({ people, donors: none, ledgerSecret }).keysOf(['fund-a', 'calendar-main']);
    expect(people.asked).toEqual([]);
  });

  it('takes a key that its register lacks for a damaged backup and not for an erasure', async () => {
    const keys = createSealKeys({ people: none, donors: none, ledgerSecret });
    await expect(keys.keysOf(['voucher-lost'])).rejects.toThrow(/registry of people lacks a key/);
    await expect(keys.keysOf(['donation-lost'])).rejects.toThrow(/register of donors lacks a key/);
  });
});
