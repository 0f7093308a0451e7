import { isUuid } from '@aidtrail/envelope';
import { inTransaction } from '../database/registry-database.js';
import { isErasureReason, type ErasureReason } from '../erasure-list.js';
import { noteLeftovers } from '../leftovers.js';
import type { RegistryContext } from '../registry-context.js';

/**
 * `contact`: the donor's name and contact go; payment reference and key stay as long as the books must be kept.
 * `everything`: the key goes as well, and with it the donation's disclosures in the ledger and its trace code.
 */
export type DonationErasureExtent = 'contact' | 'everything';

export interface DonationErasureOrder {
  readonly extent: DonationErasureExtent;
  readonly reason: ErasureReason;
}

export type DonationErasureResult = {
  readonly status: 'erased' | 'already_erased' | 'unknown_donation' | 'unknown_reason';
};

/** Idempotent; the list of erasures is written first, as for people. A name that was published with consent stays public. */
export async function eraseDonation(
  context: RegistryContext,
  donationId: string,
  { extent, reason }: DonationErasureOrder,
): Promise<DonationErasureResult> {
  if (!isErasureReason(reason)) return { status: 'unknown_reason' };
  if (!isUuid(donationId)) return { status: 'unknown_donation' };
  const donation = await context.db
    .selectFrom('registry.donations')
    .select(['wrapped_key', 'sealed_contact', 'erased_at'])
    .where('donation_id', '=', donationId)
    .executeTakeFirst();
  if (donation === undefined) return { status: 'unknown_donation' };
  const isDone = extent === 'contact' ? donation.sealed_contact === null : donation.wrapped_key === null;
  if (isDone && donation.erased_at !== null) return { status: 'already_erased' };
  const date = context.now().toISOString().slice(0, 10);
  const kind = extent === 'contact' ? 'donor-contact' : 'donation-key';
  await context.erasures.append({ kind, id: donationId, date, reason });
  await destroy(context, kind, [donationId]);
  return { status: 'erased' };
}

/** Applies the whole list again, as after a backup was restored. Returns how many donations it changed. */
export async function reapplyDonationErasures(context: RegistryContext): Promise<number> {
  const listed = await context.erasures.readAll();
  let changed = 0;
  for (const kind of ['donor-contact', 'donation-key'] as const) {
    const ids = listed.filter((erasure) => erasure.kind === kind).map(({ id }) => id);
    if (ids.length > 0) changed += await destroy(context, kind, ids);
  }
  return changed;
}

async function destroy(
  context: RegistryContext,
  kind: 'donor-contact' | 'donation-key',
  ids: readonly string[],
): Promise<number> {
  return inTransaction(context.pool, async (client) => {
    if (kind === 'donation-key') {
      const readable =
        'select donation_id from registry.donations where donation_id = any($1::uuid[]) and wrapped_key is not null';
      await noteLeftovers(client, 'donation', readable, ids);
    }
    const { rowCount } = await client.query(
      kind === 'donor-contact'
        ? `update registry.donations set sealed_contact = null, erased_at = $2
            where donation_id = any($1::uuid[]) and (erased_at is null or sealed_contact is not null)`
        : `update registry.donations
              set sealed_contact = null, sealed = null, wrapped_key = null, trace_hash = null, erased_at = $2
            where donation_id = any($1::uuid[]) and wrapped_key is not null`,
      [ids, context.now()],
    );
    return rowCount ?? 0;
  });
}
