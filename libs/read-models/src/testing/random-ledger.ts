import type { Interval } from '@aidtrail/domain';
import { clip, merged } from '../trace/intervals.js';
import { seededNumbers } from './seeded.js';
import { SyntheticLog } from './synthetic-log.js';
import type { SyntheticBatch, SyntheticFund } from './synthetic-things.js';

export interface RandomLedger {
  readonly log: SyntheticLog;
  readonly donations: readonly string[];
  readonly merchants: readonly string[];
}

/** A small ledger in which everything that can happen to a fen happens, in an order that the seed decides. */
export function randomLedger(seed: number, steps: number): RandomLedger {
  const random = seededNumbers(seed * 2_654_435_761);
  const below = (n: number) => random() % n;
  const log = new SyntheticLog(seed);
  const administration = log.openFund('administration');
  const fee = { basisPoints: below(3) * 700, administration: administration.id };
  const general = log.openFund('general', fee);
  const middle = log.openFund('general', fee);
  const own = log.openFund('campaign', fee);
  const campaign = log.openCampaign(own);
  const merchants = Array.from({ length: 3 }, () => log.uuid());
  const funds = [general, middle, own];
  const donations: string[] = [];
  const batches: SyntheticBatch[] = [];
  const arriving: (() => void)[] = [];
  const addresses: { fund: SyntheticFund; donation: string; interval: Interval }[] = [];
  const pick = <T>(list: readonly T[]): T | undefined => list[below(Math.max(1, list.length))];

  const give = () => {
    const fund = pick(funds) as SyntheticFund;
    const start = fund.length;
    const amounts = Array.from({ length: 1 + below(4) }, () => 1 + below(40));
    const feeLater = below(3) === 0;
    const made = log.intake(fund, amounts, { administration, feeLater });
    if (feeLater) arriving.push(made.receiveFee);
    donations.push(...made.donations);
    const interval: Interval = [start, fund.length - start];
    addresses.push({ fund, donation: made.donations[0] as string, interval });
  };
  const transfer = () => {
    const from = pick([general, middle]) as SyntheticFund;
    const free = freeOf(from);
    if (free > 0)
      arriving.push(
        log.sendTransfer(from, from === general ? (pick([middle, own]) as SyntheticFund) : own, 1 + below(free)),
      );
  };
  const fund = () => {
    const face = 1 + below(9);
    const count = Math.min(1 + below(12), Math.floor(freeOf(own) / face));
    if (count > 0) batches.push(log.fundBatch(campaign, own, { count, face }));
  };
  const voucherStep = () => {
    const batch = pick(batches);
    if (batch === undefined) return;
    const voucher = pick(batch.vouchers);
    if (batch.vouchers.length < batch.count && (voucher === undefined || below(2) === 0)) {
      log.issue(batch);
      return;
    }
    if (voucher === undefined) return;
    const unspent = voucher.unspent.reduce((sum, [, length]) => sum + length, 0);
    const redemption = pick(voucher.redemptions.filter((each) => each.remaining.length > 0));
    const choice = below(12);
    if (redemption !== undefined && choice < 3) {
      const left = redemption.remaining.reduce((sum, [, length]) => sum + length, 0);
      const back = voucher.status === 'ended' ? 'fund' : 'voucher';
      log.reverse(voucher, redemption, 1 + below(left), below(2) === 0 ? back : 'recoverable');
      return;
    }
    if (voucher.status === 'issued') return choice === 11 ? log.end(voucher, 'VoucherCancelled') : log.claim(voucher);
    if (voucher.status === 'claimed' && choice === 10) return log.reissue(voucher);
    if (voucher.status === 'claimed' && unspent > 0) {
      if (choice === 9) return log.end(voucher, 'VoucherExpired');
      const amountMinor = 1 + below(unspent);
      const basket = [
        { category: 'food', quantity: 1, amountMinor: 1 + below(5) },
        { category: 'water', quantity: 1, amountMinor: 1 + below(5) },
      ];
      const merchant = pick(merchants) as string;
      log.redeem(voucher, amountMinor, { merchant, store: merchant, ...(below(3) > 0 ? { basket } : {}) });
    }
  };
  const homeward = () => {
    const batch = pick(batches);
    if (batch === undefined) return;
    if (below(2) === 0) log.returnFunds(batch);
    else log.recover(batch);
  };
  const refund = () => {
    const address = pick(addresses);
    if (address === undefined) return;
    const segments = merged(address.fund.free.flatMap(([s, l]) => clip([address.interval], s, s + l)));
    if (segments.length === 0) return;
    const reserved = log.reserve(address.fund, segments);
    const outcome = below(3);
    if (outcome === 0) log.release(address.fund, reserved, segments);
    if (outcome === 1)
      log.refund(address.donation, {
        refund: reserved,
        fund: address.fund.id,
        amountMinor: segments.reduce((sum, [, length]) => sum + length, 0),
      });
  };
  const spend = () => {
    const free = freeOf(administration);
    if (free > 0) log.spend(administration, 1 + below(free));
  };
  const cut = () => log.cutoff(Math.max(log.events.length - below(12), lastCut(log)));
  const settle = () => arriving.splice(below(arriving.length + 1), 1)[0]?.();

  give();
  const menu = [
    give,
    transfer,
    settle,
    settle,
    fund,
    homeward,
    refund,
    spend,
    cut,
    ...Array<() => void>(14).fill(voucherStep),
  ];
  for (let i = 0; i < steps; i += 1) {
    if (below(25) === 0) log.nextDay();
    (pick(menu) as () => void)();
  }
  return { log, donations, merchants };
}

const cuts = new WeakMap<SyntheticLog, number>();

function lastCut(log: SyntheticLog): number {
  const last = cuts.get(log) ?? 0;
  cuts.set(log, log.events.length);
  return last;
}

function freeOf(fund: SyntheticFund): number {
  return fund.free.reduce((sum, [, length]) => sum + length, 0);
}
