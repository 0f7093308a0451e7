import {
  amountMinorOrThrow,
  chunkSegments,
  feeOf,
  subtract,
  takeLeftmost,
  totalOf,
  union,
  type Interval,
  type SegmentList,
} from '@aidtrail/domain';
import { SyntheticLeaves } from './synthetic-leaves.js';
import type { Sale, SyntheticBatch, SyntheticFund, SyntheticRedemption, SyntheticVoucher } from './synthetic-things.js';

const HASH = 'A'.repeat(43) + '=';

/** Plausible events: enough of the ledger's rules for projections, in one place for all specs. */
export class SyntheticLog extends SyntheticLeaves {
  openFund(kind: string, fee: { readonly basisPoints: number; readonly administration?: string } = { basisPoints: 0 }) {
    const fund: SyntheticFund = {
      id: this.uuid(),
      feeBasisPoints: fee.basisPoints,
      length: 0,
      free: [],
      ...(fee.administration === undefined ? {} : { administration: fee.administration }),
    };
    this.emit('FundOpened', `fund-${fund.id}`, {
      kind,
      name: `${kind} fund`,
      currency: 'CNY',
      feeBasisPoints: fee.basisPoints,
      ...(fee.administration === undefined ? {} : { administrationFund: fee.administration }),
    });
    return fund;
  }

  openCampaign(fund: SyntheticFund, fundingMode = 'merchant-funded'): string {
    const campaign = this.uuid();
    this.emit('CampaignOpened', `campaign-${campaign}`, {
      programme: this.uuid(),
      fund: fund.id,
      name: 'Winter relief',
      phase: 'recovery',
      hazard: 'flood',
      region: '430100',
      purpose: 'food',
      terms: { firstDay: this.day, lastDay: '2026-12-31', fundingMode, assistedAllowed: true },
      officer: 'maker',
    });
    return campaign;
  }

  /** One intake with its donations; the fee reaches the administration fund unless `feeLater`. */
  intake(
    fund: SyntheticFund,
    amounts: readonly number[],
    options: { readonly administration?: SyntheticFund; readonly feeLater?: boolean } = {},
  ) {
    const intake = this.uuid();
    const gross = amounts.reduce((a, b) => a + b, 0);
    const fee = feeOf(amountMinorOrThrow(gross), fund.feeBasisPoints);
    const start = fund.length;
    this.emit('IntakeReceived', `fund-${fund.id}`, {
      intake,
      count: amounts.length,
      grossMinor: gross,
      feeMinor: fee,
      feeBasisPoints: fund.feeBasisPoints,
      ...(fund.administration === undefined ? {} : { administrationFund: fund.administration }),
      interval: this.extend(fund, gross - fee),
      rowsRoot: HASH,
    });
    const receiveFee = () => {
      if (fee === 0 || options.administration === undefined) return;
      const interval = this.extend(options.administration, fee);
      this.emit('FeeReceived', `fund-${options.administration.id}`, {
        intake,
        fromFund: fund.id,
        amountMinor: fee,
        interval,
      });
    };
    if (options.feeLater !== true) receiveFee();
    const donations = this.donations({ intake, fund, start }, amounts);
    return { intake, donations, receiveFee };
  }

  private donations(
    where: { readonly intake: string; readonly fund: SyntheticFund; readonly start: number },
    amounts: readonly number[],
  ): readonly string[] {
    const { fund, intake, start } = where;
    let gross = 0;
    return amounts.map((amountMinor, number) => {
      const donation = this.uuid();
      const feesBefore = feeOf(amountMinorOrThrow(gross), fund.feeBasisPoints);
      const feeMinor = feeOf(amountMinorOrThrow(gross + amountMinor), fund.feeBasisPoints) - feesBefore;
      const interval = [start + gross - feesBefore, amountMinor - feeMinor];
      gross += amountMinor;
      this.emit(
        'DonationReceived',
        `donation-${donation}`,
        { intake, fund: fund.id, number, commitment: HASH },
        {
          amountMinor,
          feeMinor,
          paymentReference: `p${number}`,
          channel: 'wechat',
          ...(amountMinor > feeMinor ? { interval } : {}),
        },
      );
      return donation;
    });
  }

  /** Leaves `from`; call the result to let it arrive. */
  sendTransfer(from: SyntheticFund, to: SyntheticFund, amount: number): () => void {
    const transfer = this.uuid();
    const parts = chunkSegments(this.take(from, amount));
    const each = parts.map((segments, i) => ({
      transfer,
      amountMinor: totalOf(segments),
      segments,
      part: i + 1,
      parts: parts.length,
    }));
    for (const part of each) this.emit('TransferSent', `fund-${from.id}`, { ...part, toFund: to.id, officer: 'maker' });
    return () => {
      for (const part of each) {
        const interval = this.extend(to, part.amountMinor);
        this.emit('TransferReceived', `fund-${to.id}`, { ...part, fromFund: from.id, interval });
      }
    };
  }

  fundBatch(
    campaign: string,
    fund: SyntheticFund,
    what: { readonly count: number; readonly face: number },
  ): SyntheticBatch {
    const { count, face } = what;
    const id = this.uuid();
    const terms = { campaign, fund: fund.id, count, faceMinor: face, totalMinor: count * face, rosterRoot: HASH };
    this.emit('BatchDrafted', `batch-${id}`, { ...terms, officer: 'maker' });
    this.emit('BatchApproved', `batch-${id}`, { ...terms, officer: 'checker', approval: 1, approvals: 1 });
    const parts = chunkSegments(this.take(fund, count * face));
    let offset = 0;
    for (const [i, segments] of parts.entries()) {
      this.emit('BatchFunded', `fund-${fund.id}`, {
        batch: id,
        campaign,
        amountMinor: totalOf(segments),
        segments,
        offset,
        part: i + 1,
        parts: parts.length,
        fundingMode: 'merchant-funded',
      });
      offset += totalOf(segments);
    }
    return { id, campaign, fund, count, face, vouchers: [], givenBack: [], owed: [] };
  }

  issue(batch: SyntheticBatch): SyntheticVoucher {
    const number = batch.vouchers.length;
    const interval: Interval = [number * batch.face, batch.face];
    const voucher: SyntheticVoucher = {
      id: this.uuid(),
      batch,
      number,
      status: 'issued',
      unspent: [interval],
      redemptions: [],
    };
    batch.vouchers.push(voucher);
    this.emit(
      'VoucherIssued',
      `voucher-${voucher.id}`,
      { batch: batch.id, campaign: batch.campaign, fund: batch.fund.id, number, commitment: HASH, interval },
      { group: ['elderly', 'children', 'disabled'][number % 3], community: `community ${number % 50}`, partner: HASH },
    );
    return voucher;
  }

  claim(voucher: SyntheticVoucher, channel = 'self'): void {
    voucher.status = 'claimed';
    this.emit('VoucherClaimed', `voucher-${voucher.id}`, { holder: HASH, channel }, { time: `${this.day}T08:00:00Z` });
  }

  reissue(voucher: SyntheticVoucher): void {
    voucher.status = 'issued';
    this.emit('VoucherReissued', `voucher-${voucher.id}`, { reason: 'lost', formerHolder: HASH });
  }

  redeem(voucher: SyntheticVoucher, amountMinor: number, sale: Sale, consent = 'holder'): SyntheticRedemption {
    const split = takeLeftmost(voucher.unspent, amountMinor);
    if (split === undefined) throw new Error('A synthetic redemption exceeds the balance.');
    voucher.unspent = split.rest;
    const { id, position } = this.emit(
      'VoucherRedeemed',
      `voucher-${voucher.id}`,
      {
        campaign: voucher.batch.campaign,
        amountMinor,
        segments: split.taken,
        consent,
        fundingMode: 'merchant-funded',
      },
      {
        merchant: sale.merchant,
        store: sale.store,
        time: `${this.day}T10:00:00Z`,
        policyVersion: 1,
        ...(sale.basket === undefined
          ? {}
          : {
              basket: sale.basket,
              verdicts: sale.basket.map((_, line) => ({ line, verdict: 'allowed', rule: 'food' })),
            }),
      },
    );
    const redemption = { id, position, remaining: split.taken };
    voucher.redemptions.push(redemption);
    return redemption;
  }

  /** The last fen of the redemption are undone first. */
  reverse(
    voucher: SyntheticVoucher,
    redemption: SyntheticRedemption,
    amountMinor: number,
    to: 'voucher' | 'fund' | 'recoverable',
  ) {
    const kept = totalOf(redemption.remaining) - amountMinor;
    const split = kept === 0 ? { taken: [], rest: redemption.remaining } : takeLeftmost(redemption.remaining, kept);
    if (split === undefined) throw new Error('A synthetic reversal exceeds the redemption.');
    redemption.remaining = split.taken;
    const segments = split.rest;
    if (to === 'voucher') voucher.unspent = union(voucher.unspent, segments);
    else if (to === 'fund') voucher.batch.givenBack.push(...segments);
    else voucher.batch.owed.push(...segments);
    this.emit('RedemptionReversed', `voucher-${voucher.id}`, {
      redemption: redemption.id,
      batch: voucher.batch.id,
      fund: voucher.batch.fund.id,
      amountMinor,
      segments,
      to,
      reason: 'wrong-goods',
      fundingMode: 'merchant-funded',
    });
  }

  end(voucher: SyntheticVoucher, type: 'VoucherExpired' | 'VoucherCancelled'): void {
    const { batch } = voucher;
    const amountMinor = totalOf(voucher.unspent);
    const data = { batch: batch.id, fund: batch.fund.id, amountMinor, segments: voucher.unspent };
    this.emit(type, `voucher-${voucher.id}`, {
      ...data,
      ...(type === 'VoucherCancelled' ? { reason: 'moved', officer: 'maker' } : {}),
    });
    batch.givenBack.push(...voucher.unspent);
    voucher.unspent = [];
    voucher.status = 'ended';
  }

  /** Gives what a batch gave back new addresses, at most 500 segments an event. */
  returnFunds(batch: SyntheticBatch): void {
    for (const segments of chunkSegments(batch.givenBack)) this.comeHome(batch, segments, 'FundsReturned');
    batch.givenBack = [];
  }

  recover(batch: SyntheticBatch): void {
    for (const segments of chunkSegments(batch.owed)) this.comeHome(batch, segments, 'FundsRecovered');
    batch.owed = [];
  }

  private comeHome(batch: SyntheticBatch, segments: SegmentList, type: 'FundsReturned' | 'FundsRecovered'): void {
    const amountMinor = totalOf(segments);
    const extra = type === 'FundsRecovered' ? { settlement: this.uuid() } : { fundingMode: 'merchant-funded' };
    const interval = this.extend(batch.fund, amountMinor);
    this.emit(type, `fund-${batch.fund.id}`, { batch: batch.id, amountMinor, segments, interval, ...extra });
  }

  reserve(fund: SyntheticFund, segments: SegmentList, refund = this.uuid()): string {
    fund.free = subtract(fund.free, segments);
    this.emit('RefundReserved', `fund-${fund.id}`, {
      refund,
      amountMinor: totalOf(segments),
      segments,
      officer: 'maker',
    });
    return refund;
  }

  release(fund: SyntheticFund, refund: string, segments: SegmentList): void {
    fund.free = union(fund.free, segments);
    this.emit('RefundReleased', `fund-${fund.id}`, { refund, amountMinor: totalOf(segments), segments });
  }

  refund(
    donation: string,
    paid: { readonly refund: string; readonly fund: string; readonly amountMinor: number },
  ): void {
    this.emit('DonationRefunded', `donation-${donation}`, {
      refund: paid.refund,
      amountMinor: paid.amountMinor,
      funds: [paid.fund],
      officer: 'maker',
      secondOfficer: 'checker',
    });
  }

  spend(fund: SyntheticFund, amount: number): void {
    const segments = this.take(fund, amount);
    this.emit('AdministrationSpent', `fund-${fund.id}`, {
      amountMinor: amount,
      segments,
      purpose: 'rent',
      officer: 'maker',
      secondOfficer: 'checker',
    });
  }

  private cutoffs = 0;
  private lastCut = 0;

  cutoff(to: number): number {
    this.cutoffs += 1;
    this.emit('CutoffSet', 'cutoff-main', { number: this.cutoffs, from: this.lastCut, to });
    this.lastCut = to;
    return this.cutoffs;
  }

  private extend(fund: SyntheticFund, amount: number): Interval {
    const interval: Interval = [fund.length, amount];
    fund.length += amount;
    fund.free = union(fund.free, [interval]);
    return interval;
  }

  private take(fund: SyntheticFund, amount: number): SegmentList {
    const split = takeLeftmost(fund.free, amount);
    if (split === undefined) throw new Error('A synthetic fund has too little free money.');
    fund.free = split.rest;
    return split.taken;
  }
}
