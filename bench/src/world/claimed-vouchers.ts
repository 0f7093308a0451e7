import type { BenchLedger } from './bench-ledger.js';
import { draftBatch } from './batches.js';
import { fundedCampaign } from './funded-campaign.js';
import { Scribe } from './scribe.js';
import { prepareSetting, type Setting } from './setting.js';
import { VoucherWriter } from './voucher-writer.js';

const FACE_MINOR = 10_000;
const LARGEST_BATCH = 20_000;

/**
 * Vouchers that wait to be redeemed: issued by the real policies to real (invented) people, claimed with real holder
 * keys. The claims are written in bulk.
 */
export async function claimedVouchers(
  ledger: BenchLedger,
  of: { readonly count: number; readonly merchants: number; readonly tillsAStore: number },
): Promise<{ readonly setting: Setting; readonly vouchers: readonly string[] }> {
  const setting = await prepareSetting(ledger, of);
  const campaign = await fundedCampaign(ledger, setting, { vouchers: of.count, faceMinor: FACE_MINOR });
  const batches = [];
  for (let done = 0; done < of.count; done += LARGEST_BATCH) {
    const count = Math.min(LARGEST_BATCH, of.count - done);
    const { batch, approve } = await draftBatch(ledger, setting, {
      campaign,
      count,
      firstPerson: done,
      faceMinor: FACE_MINOR,
    });
    await approve();
    batches.push(batch);
  }
  await ledger.system.ledger.settle();
  const scribe = await Scribe.open(ledger.system.store, ledger.keys.eventSeed);
  const writer = new VoucherWriter(ledger, setting, scribe);
  await writer.look(campaign.id);
  const vouchers: string[] = [];
  for (const batch of batches) {
    for (const voucher of await writer.vouchersOf(batch)) {
      await writer.claim(voucher);
      vouchers.push(voucher.id);
    }
  }
  await scribe.close();
  await ledger.system.ledger.settle();
  await ledger.refreshAnchor();
  return { setting, vouchers: setting.numbers.shuffled(vouchers) };
}
