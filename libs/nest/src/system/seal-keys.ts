import { nodeHmacSha256 } from '@aidtrail/crypto-node';
import { streamKeyOf, type SealKeys } from '@aidtrail/ledger';
import { Coalescer } from './coalescer.js';

type Key = Uint8Array | 'erased';

/** One of the registers: 32-byte keys by id; ids that it does not know are left out. */
interface KeyRegister {
  sealKeysOf(ids: readonly string[]): Promise<ReadonlyMap<string, Key>>;
}

export interface SealKeyRegisters {
  readonly people: KeyRegister;
  readonly donors: KeyRegister;
  /** 32 bytes */
  readonly ledgerSecret: Uint8Array;
}

const MAX_DERIVED = 20_000;

/**
 * Keys of vouchers come from the registry of people and keys of donations from the register of donors: they end with
 * their subject, so none is ever kept here. All other streams have a key derived from the ledger's secret.
 * Rejects if a register lacks a key that it must have: half a backup was restored.
 */
export function createSealKeys(registers: SealKeyRegisters): SealKeys {
  const vouchers = new Coalescer((ids) => registers.people.sealKeysOf(ids));
  const donations = new Coalescer((ids) => registers.donors.sealKeysOf(ids));
  const derived = new Map<string, Uint8Array>();

  function derive(stream: string): Uint8Array {
    const known = derived.get(stream);
    const key = known ?? streamKeyOf(registers.ledgerSecret, stream, nodeHmacSha256);
    // Deleted and set again: a Map keeps the order of insertion, so the first one is the least recently used.
    derived.delete(stream);
    derived.set(stream, key);
    if (derived.size > MAX_DERIVED) derived.delete(derived.keys().next().value as string);
    return key;
  }

  return {
    keysOf: async (streams) => {
      const keys = new Map<string, Key>();
      const wanted: Record<'voucher' | 'donation', string[]> = { voucher: [], donation: [] };
      for (const stream of streams) {
        const [category, id] = split(stream);
        if (category === 'voucher' || category === 'donation') wanted[category].push(id);
        else keys.set(stream, derive(stream));
      }
      const [ofVouchers, ofDonations] = await Promise.all([
        vouchers.get(wanted.voucher),
        donations.get(wanted.donation),
      ]);
      for (const id of wanted.voucher) keys.set(`voucher-${id}`, requireKey(ofVouchers.get(id), 'registry of people'));
      for (const id of wanted.donation)
        keys.set(`donation-${id}`, requireKey(ofDonations.get(id), 'register of donors'));
      return keys;
    },
  };
}

function split(stream: string): [category: string, id: string] {
  const dash = stream.indexOf('-');
  return [stream.slice(0, dash), stream.slice(dash + 1)];
}

function requireKey(key: Key | undefined, register: string): Key {
  if (key !== undefined) return key;
  throw new Error(`The ${register} lacks a key that the ledger's events need: restore it from the same backup.`);
}
