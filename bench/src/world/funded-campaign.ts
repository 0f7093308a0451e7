import type { BenchLedger } from './bench-ledger.js';
import { openCampaign, type Campaign } from './batches.js';
import { openFund, receiveGifts } from './money.js';
import type { Setting } from './setting.js';

/** A campaign whose fund holds the money of so many vouchers. */
export async function fundedCampaign(
  ledger: BenchLedger,
  setting: Setting,
  of: { readonly vouchers: number; readonly faceMinor: number },
): Promise<Campaign> {
  const fund = await openFund(ledger, setting, { kind: 'general', name: 'General fund' });
  const amountMinor = of.vouchers * of.faceMinor;
  await receiveGifts(ledger, setting, fund, [{ paymentReference: 'bank-1', amountMinor }]);
  await ledger.system.ledger.settle();
  const days = { firstDay: '2026-06-01', lastDay: '2026-12-31' };
  return openCampaign(ledger, setting, { fund, name: 'Bench campaign', ...days });
}
