import type { StoredEvent } from '@aidtrail/event-store';
import type { Interval, SegmentList } from '@aidtrail/domain';

/** One fen, with its own identity wherever it moves. */
interface Fen {
  state: string;
  /** The voucher that holds it; none once it has come home. */
  voucher?: string | undefined;
  /** Every voucher that held it at some time. */
  readonly held: string[];
  redemption?: { readonly position: number; readonly merchant: string; readonly day: string };
}

/**
 * The same question answered without any of the product's geometry: every fen is an object, every line an array of them,
 * and every event moves or relabels them one by one.
 */
export class NaiveLedger {
  private readonly lines = new Map<string, Fen[]>();
  private readonly donations = new Map<string, Fen[]>();
  private readonly vouchers = new Map<string, { batch: string; status: string; group: string; own: Fen[] }>();
  private readonly fees = new Map<string, { fen: Fen[]; taken: number }>();
  private readonly redeemed = new Map<string, Fen[]>();
  private readonly refunds = new Map<string, Fen[]>();
  private readonly cutoffs: number[] = [];

  apply(event: StoredEvent, disclosed: Readonly<Record<string, unknown>> = {}): void {
    const { day, type, data } = JSON.parse(Buffer.from(event.bytes).toString()) as Leaf;
    const id = event.stream.slice(event.stream.indexOf('-') + 1);
    switch (type) {
      case 'IntakeReceived':
        this.append(id, fresh(data.interval?.[1] ?? 0, 'free'));
        this.fees.set(data.intake as string, { fen: fresh(data.feeMinor ?? 0, 'fee-in-transit'), taken: 0 });
        break;
      case 'FeeReceived':
        this.append(id, label((this.fees.get(data.intake as string) as { fen: Fen[] }).fen, 'free'));
        break;
      case 'DonationReceived':
        this.receive(id, data, disclosed);
        break;
      case 'TransferSent':
        label(this.at(id, data.segments), 'transit');
        break;
      case 'TransferReceived':
        this.append(id, label(this.at(data.fromFund as string, data.segments), 'free'));
        break;
      case 'BatchFunded':
        this.append(data.batch as string, label(this.at(id, data.segments), 'unissued'));
        break;
      case 'FundsReturned':
      case 'FundsRecovered':
        this.comeHome(id, label(this.at(data.batch as string, data.segments), 'free'));
        break;
      case 'RefundReserved':
        this.refunds.set(data.refund as string, label(this.at(id, data.segments), 'reserved'));
        break;
      case 'RefundReleased':
        label(this.at(id, data.segments), 'free');
        break;
      case 'DonationRefunded':
        label(this.refunds.get(data.refund as string) as Fen[], 'refunded');
        break;
      case 'AdministrationSpent':
        label(this.at(id, data.segments), 'spent');
        break;
      case 'CutoffSet':
        this.cutoffs.push(data.to as number);
        break;
      default:
        this.applyToVoucher(type, { ...event, id: event.id, voucher: id, day }, data, disclosed);
    }
  }

  private applyToVoucher(
    type: string,
    event: { readonly id: string; readonly position: number; readonly voucher: string; readonly day: string },
    data: Data,
    disclosed: Readonly<Record<string, unknown>>,
  ): void {
    const voucher = this.vouchers.get(event.voucher);
    if (type === 'VoucherIssued') {
      const own = label(this.at(data.batch as string, [data.interval as Interval]), 'unclaimed');
      for (const fen of own) {
        fen.voucher = event.voucher;
        fen.held.push(event.voucher);
      }
      const group = (disclosed['group'] as string | undefined) ?? 'erased';
      this.vouchers.set(event.voucher, { batch: data.batch as string, status: 'unclaimed', group, own });
      return;
    }
    if (voucher === undefined) return;
    const unspent = () =>
      voucher.own.filter(
        (fen) => fen.voucher === event.voucher && (fen.state === 'unclaimed' || fen.state === 'claimed'),
      );
    if (type === 'VoucherClaimed') label(unspent(), (voucher.status = 'claimed'));
    if (type === 'VoucherReissued') label(unspent(), (voucher.status = 'unclaimed'));
    if (type === 'VoucherExpired' || type === 'VoucherCancelled') label(unspent(), 'returning');
    if (type === 'VoucherRedeemed') {
      const fen = label(this.at(voucher.batch, data.segments), 'redeemed');
      const redemption = {
        position: event.position,
        day: event.day,
        merchant: (disclosed['merchant'] as string | undefined) ?? 'erased',
      };
      for (const one of fen) one.redemption = redemption;
      this.redeemed.set(event.id, fen);
    }
    if (type === 'RedemptionReversed') {
      const to = { voucher: voucher.status, fund: 'returning', recoverable: 'recoverable' }[data.to as 'fund'];
      label(this.at(voucher.batch, data.segments), to);
    }
  }

  /** Fen of a donation by state; redeemed ones by merchant and window as well. Vouchers that held some of them by group. */
  trace(donation: string): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const voucher of new Set((this.donations.get(donation) as Fen[]).flatMap(({ held }) => held))) {
      const name = `group ${this.vouchers.get(voucher)?.group}`;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    for (const { redemption, state } of this.donations.get(donation) as Fen[]) {
      const names = [state];
      if (state === 'redeemed' && redemption !== undefined) {
        names.push(`merchant ${redemption.merchant}`, `week ${mondayBefore(redemption.day)}`);
        names.push(this.cutoffs.some((to) => to > redemption.position) ? 'window cut-off' : 'window open');
      }
      for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }

  private receive(donation: string, data: Data, disclosed: Readonly<Record<string, unknown>>): void {
    const interval = disclosed['interval'] as Interval | undefined;
    const fee = this.fees.get(data.intake as string) as { fen: Fen[]; taken: number };
    const own = interval === undefined ? [] : this.at(data.fund as string, [interval]);
    const feeMinor = disclosed['feeMinor'] as number;
    own.push(...fee.fen.slice(fee.taken, fee.taken + feeMinor));
    fee.taken += feeMinor;
    this.donations.set(donation, own);
  }

  private comeHome(line: string, fen: readonly Fen[]): void {
    for (const one of fen) one.voucher = undefined;
    this.append(line, fen);
  }

  private append(line: string, fen: readonly Fen[]): void {
    const there = this.lines.get(line) ?? [];
    this.lines.set(line, there);
    there.push(...fen);
  }

  private at(line: string, segments: SegmentList = []): Fen[] {
    const there = this.lines.get(line) as Fen[];
    return segments.flatMap(([start, length]) => there.slice(start, start + length));
  }
}

interface Leaf {
  readonly day: string;
  readonly type: string;
  readonly data: Data;
}

/** By counting back day by day. */
function mondayBefore(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  while (date.getUTCDay() !== 1) date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}

interface Data {
  readonly intake?: string;
  readonly fund?: string;
  readonly fromFund?: string;
  readonly batch?: string;
  readonly refund?: string;
  readonly feeMinor?: number;
  readonly interval?: Interval;
  readonly segments?: SegmentList;
  readonly to?: string | number;
}

function fresh(count: number, state: string): Fen[] {
  return Array.from({ length: count }, () => ({ state, held: [] }));
}

function label(fen: Fen[], state: string): Fen[] {
  for (const one of fen) one.state = state;
  return fen;
}
