import { setTimeout as pause } from 'node:timers/promises';
import type { Movement } from '@aidtrail/domain';
import type { StoredEvent } from '@aidtrail/event-store';
import type { SealKeys } from '../ports.js';
import { Streams } from '../streams.js';
import { as, type PolicyTools } from './tools.js';
import { typeIn } from './runner.js';

type Books = Pick<PolicyTools, 'store' | 'crypto' | 'memory'> & { readonly sealKeys: SealKeys };

const MOVEMENTS: ReadonlySet<string> = new Set(['VoucherRedeemed', 'RedemptionReversed']);

/** How long a command may be under way in another process that has read a voucher's key before it was destroyed. */
const UNDER_WAY_MILLISECONDS = 1_000;

/** For how long it is tried again to keep what came meanwhile: after that nobody can read it any more. */
const PATIENCE_MILLISECONDS = 30_000;
const FIRST_PAUSE_MILLISECONDS = 200;
const LONGEST_PAUSE_MILLISECONDS = 3_000;

/** Whether the event moved money at a merchant. */
export function isMovement(stored: StoredEvent): boolean {
  return MOVEMENTS.has(typeIn(stored));
}

/**
 * Keeps at which merchants these vouchers moved money, in the books only, so that a household's shops are still paid after
 * it was erased. Nothing says any more whose vouchers they were.
 */
export async function keepMerchants(books: Books, voucherIds: readonly string[]): Promise<void> {
  const { store, sealKeys, crypto, memory } = books;
  const streams = new Streams(store, sealKeys, crypto);
  const stored = await store.readStreams(voucherIds.map((id) => `voucher-${id}`));
  for (const events of stored.values()) {
    for (const event of await streams.recorded(events.filter(isMovement))) {
      const merchant = as<Movement['event']>(event).private?.merchant;
      if (merchant !== undefined) await memory.rememberMovement({ eventId: event.id, merchant });
    }
  }
}

/**
 * Erases a household with these vouchers, once their merchants are kept. A redemption that another process had under way
 * may be stored after that, under a key that nobody can read any more: so the keys stay in this process's memory for as
 * long as that takes, and what came is kept like the rest, also past an outage of the store of half a minute; a longer one is
 * thrown. That or a crash in between leaves what came without its merchant, which the policies report and pass over.
 */
export async function erasing<T>(
  books: Books & { /** Half a minute unless told otherwise. */ readonly patienceMilliseconds?: number },
  voucherIds: readonly string[],
  erase: () => Promise<T>,
): Promise<T> {
  if (voucherIds.length === 0) return erase();
  const keys = await books.sealKeys.keysOf(voucherIds.map((id) => `voucher-${id}`));
  const withKeys = { ...books, sealKeys: { keysOf: () => Promise.resolve(keys) } };
  await keepMerchants(withKeys, voucherIds);
  try {
    return await erase();
  } finally {
    // Also where it threw: the keys may have been destroyed before that.
    await pause(UNDER_WAY_MILLISECONDS);
    await persistently(() => keepMerchants(withKeys, voucherIds), books.patienceMilliseconds ?? PATIENCE_MILLISECONDS);
  }
}

/** Does the work again after a fault, later and later, and throws the fault that it ends with when the time is over. */
async function persistently(work: () => Promise<void>, milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  for (let wait = FIRST_PAUSE_MILLISECONDS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MILLISECONDS)) {
    try {
      await work();
      return;
    } catch (fault) {
      if (performance.now() + wait > end) throw fault;
      await pause(wait);
    }
  }
}
