import type { BenchLedger } from './bench-ledger.js';
import { addDays, draftBatch, startDay, type Campaign, type PreparedBatch } from './batches.js';
import type { Scribe } from './scribe.js';
import type { Setting } from './setting.js';
import type { Voucher, VoucherWriter } from './voucher-writer.js';

/** Of every voucher. */
export const FACE_MINOR = 10_000;
/** Households claim on the first day and shop on the others. */
export const DAYS_OF_LIFE = 4;
const LARGEST_BATCH = 20_000;

/** So many vouchers, in batches as large as may be. */
export async function issue(
  ledger: BenchLedger,
  setting: Setting,
  of: { readonly campaign: Campaign; readonly count: number; readonly firstPerson: number },
): Promise<readonly PreparedBatch[]> {
  const batches: PreparedBatch[] = [];
  for (let done = 0; done < of.count; done += LARGEST_BATCH) {
    const count = Math.min(LARGEST_BATCH, of.count - done);
    const order = { campaign: of.campaign, count, firstPerson: of.firstPerson + done, faceMinor: FACE_MINOR };
    const { batch, approve } = await draftBatch(ledger, setting, order);
    await approve();
    batches.push(batch);
  }
  await ledger.system.ledger.settle();
  return batches;
}

export interface Stage {
  readonly ledger: BenchLedger;
  readonly setting: Setting;
  readonly scribe: Scribe;
  readonly writer: VoucherWriter;
}

/** Households claim, then shop on the following days; with `fillTo` they shop on until the log has so many events. */
export async function live(
  { ledger, setting, scribe, writer }: Stage,
  batches: readonly PreparedBatch[],
  of: { readonly firstDay: string; readonly fillTo: number | undefined },
): Promise<void> {
  const { numbers } = setting;
  const campaign = batches[0]?.campaign.id ?? '';
  await writer.look(campaign);
  const vouchers: Voucher[] = [];
  for (const batch of batches) vouchers.push(...(await writer.vouchersOf(batch)));
  for (const voucher of vouchers) if (numbers.chance(92)) await writer.claim(voucher);
  for (let day = 1; day < DAYS_OF_LIFE; day += 1) {
    await scribe.flush();
    await startDay(ledger, setting, addDays(of.firstDay, day));
    await ledger.refreshAnchor();
    await scribe.resume();
    await writer.look(campaign);
    for (const voucher of numbers.shuffled(vouchers)) {
      if (!numbers.chance(50) || !(await writer.redeem(voucher))) continue;
      if (numbers.chance(1)) await writer.reverse(voucher);
    }
  }
  const fillTo = of.fillTo ?? 0;
  for (let idle = 0; scribe.position < fillTo && idle < vouchers.length;) {
    const moved = await writer.redeem(numbers.pick(vouchers));
    idle = moved ? 0 : idle + 1;
  }
  await scribe.flush();
}
