import { postings, type PeriodState, type SweptEvent } from '@aidtrail/domain';
import type { AuditedLeaf, CheckTools, LeafCheck } from '../audit/leaf-check.js';
import type { Finding } from '../findings/finding.js';
import { Books } from './books.js';
import type { MoneyFindingCode } from './money-findings.js';
import { SettlementCheck } from './settlement-check.js';
import { exceeds, SettlementWindows, shownSums } from './settlement-windows.js';

/**
 * Where every fen is, at every leaf; the double entry against it at each day's start and at the end; the windows of
 * settlements, the settlements, and the months that are closed.
 */
export class MoneyCheck implements LeafCheck {
  readonly books = new Books();
  readonly windows = new SettlementWindows();
  private readonly report: CheckTools['report'];
  private readonly settlements: SettlementCheck;
  private readonly closedMonths = new Set<string>();
  private size = 0;

  constructor(tools: CheckTools) {
    this.report = tools.report;
    this.settlements = new SettlementCheck(tools);
  }

  /** What can still be spent of a batch's vouchers. */
  outstandingOf(batch: string): number {
    return this.books.sweep.batches.get(`batch-${batch}`)?.line.totals.issued ?? 0;
  }

  take(leaf: AuditedLeaf): void {
    const { event, index } = leaf;
    this.size = index + 1;
    if (event.type === 'DayStarted') this.compare(index);
    for (const found of this.books.fold(event)) this.report({ ...found, leaf: index });
    if (this.closedMonths.size > 0) this.movedIn(event.day.slice(0, 'YYYY-MM'.length), leaf);
    switch (event.type) {
      case 'VoucherIssued':
        return this.issued(index, event.data.batch);
      case 'VoucherRedeemed':
      case 'RedemptionReversed':
        return this.windows.moved(event);
      case 'CutoffSet':
        return this.cutOff(leaf, event.data);
      case 'MerchantApplied':
      case 'BankDetailsChanged':
        return this.settlements.bankAccount(event.data.bankDigest);
      case 'PeriodClosed':
        return this.closed(leaf, event.data.upTo);
      default:
        if (event.stream.startsWith('settlement-')) this.settlement(leaf);
    }
  }

  end(): void {
    this.compare(Math.max(0, this.size - 1));
  }

  private compare(leaf: number): void {
    for (const found of this.books.compare()) this.report({ ...found, leaf });
  }

  private issued(leaf: number, batch: string): void {
    const subject = `batch-${batch}`;
    const line = this.books.sweep.batches.get(subject);
    if (line !== undefined && line.issuedMinor > line.line.length)
      this.find('batch_over_issued', leaf, { subject, expected: line.line.length, actual: line.issuedMinor });
  }

  private cutOff({ index }: AuditedLeaf, data: Extract<SweptEvent, { type: 'CutoffSet' }>['data']): void {
    const { number, from, to } = data;
    const before = this.windows.latest ?? { number: 0, to: 0 };
    const subject = `window ${number}`;
    if (number !== before.number + 1 || from !== before.to || to <= from) {
      const expected = `window ${before.number + 1} from ${before.to}`;
      this.find('window_gap', index, { subject, expected, actual: `from ${from} to ${to}` });
    }
    if (to > index) this.find('window_beyond_tree', index, { subject, expected: index, actual: to });
    this.windows.cutOff(data);
  }

  private settlement(leaf: AuditedLeaf): void {
    this.settlements.take(leaf);
    if (leaf.event.type !== 'SettlementProposed') return;
    const window = this.windows.proposed(leaf.event.data.cutoff, leaf.event.data);
    if (window !== undefined && exceeds(window.proposed, window.moved))
      this.find('window_sum_differs', leaf.index, {
        subject: `window ${window.number}`,
        expected: shownSums(window.moved),
        actual: shownSums(window.proposed),
      });
  }

  private closed({ index, event, before }: AuditedLeaf, upTo: number): void {
    const subject = event.stream;
    if ((before.state as PeriodState).status === 'closed') this.find('period_changed', index, { subject });
    if (upTo > index) this.find('window_beyond_tree', index, { subject, expected: index, actual: upTo });
    this.closedMonths.add(subject.slice('period-'.length));
  }

  private movedIn(month: string, { index, event }: AuditedLeaf): void {
    if (this.closedMonths.has(month) && postings(event).length > 0)
      this.find('period_changed', index, { subject: `period-${month}`, actual: event.type });
  }

  private find(code: MoneyFindingCode, leaf: number, more: Omit<Finding, 'code' | 'leaf'>): void {
    this.report({ code, leaf, ...more });
  }
}
