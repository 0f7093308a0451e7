import {
  accountCodes,
  expectedBalances,
  LineSweep,
  postings,
  TrialBalance,
  type AccountCode,
  type Balances,
  type SweptEvent,
} from '@aidtrail/domain';
import type { Finding } from '../findings/finding.js';
import type { MoneyFindingCode } from './money-findings.js';
import { PackedVoucherPlaces } from './voucher-places.js';

type Discrepancy = Omit<Finding, 'code' | 'leaf'> & { readonly code: MoneyFindingCode };

/**
 * Two counts of the same money: every fen by its address, and the double entry, of which each entry is balanced by the way
 * it is made. Comparing them costs as much as there are batches, so it is done for a whole day at once; what one event
 * costs is some binary searches.
 */
export class Books {
  readonly sweep = new LineSweep(new PackedVoucherPlaces());
  private readonly trial = new TrialBalance();
  /** What was reported, by its subject: a difference that stays as it is is not reported again. */
  private readonly known = new Map<string, number>();

  /** Takes in the next event, and tells what is wrong with its fen. */
  fold(event: SweptEvent): readonly Discrepancy[] {
    this.sweep.fold(event);
    this.trial.post(postings(event));
    if (this.sweep.findings.length === 0) return NONE;
    return this.sweep.findings.splice(0).map(({ code, line, interval, expected, actual }) => ({
      code,
      subject: interval === undefined ? line : `${line} [${interval[0]}, ${interval[1]}]`,
      ...(expected === undefined ? {} : { expected }),
      ...(actual === undefined ? {} : { actual }),
    }));
  }

  /** Both counts against each other, and each by itself. */
  compare(): readonly Discrepancy[] {
    const { sweep, trial } = this;
    const { outstanding: _, ...states } = sweep.totals();
    const sum = Object.values(states).reduce((total, amount) => total + amount, 0);
    const expected = expectedBalances(sweep);
    const actual = trial.balances();
    const found: Discrepancy[] = [
      { code: 'states_do_not_sum', subject: 'intake', expected: sweep.intakeMinor, actual: sum },
      ...accountCodes.map((account): Discrepancy => ({
        ...{ code: 'books_differ', subject: account, expected: expected[account], actual: actual[account] },
      })),
      ...[...sweep.batches.values()].map((batch): Discrepancy => {
        const { issued, redeemed } = batch.line.totals;
        const accounted = issued + redeemed + batch.expiredMinor + batch.cancelledMinor + batch.reversedMinor;
        return { code: 'batch_does_not_add_up', subject: batch.name, expected: batch.issuedMinor, actual: accounted };
      }),
    ];
    return found.filter((one) => this.isNew(one));
  }

  balances(): Balances {
    return this.trial.balances();
  }

  merchantBalance(account: AccountCode, merchant: string): number {
    return this.trial.merchantBalance(account, merchant);
  }

  private isNew({ subject = '', expected, actual }: Discrepancy): boolean {
    const difference = Number(actual) - Number(expected);
    if (difference === (this.known.get(subject) ?? 0)) return false;
    this.known.set(subject, difference);
    return difference !== 0;
  }
}

const NONE: readonly Discrepancy[] = [];
