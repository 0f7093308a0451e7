import { accountCodes, type AccountCode } from './chart.js';
import type { LineSweep } from './conservation.js';
import type { Posting } from './postings.js';

export type Balances = Readonly<Record<AccountCode, number>>;

/** Running balances of all accounts, and of each merchant where postings name one. Debit is positive. */
export class TrialBalance {
  private readonly sums = zeroBalances();
  private readonly merchants = new Map<string, number>();

  post(entry: readonly Posting[]): void {
    for (const { account, amountMinor, merchant } of entry) {
      this.sums[account] += amountMinor;
      if (merchant === undefined) continue;
      const key = `${account} ${merchant}`;
      this.merchants.set(key, (this.merchants.get(key) ?? 0) + amountMinor);
    }
  }

  balances(): Balances {
    return { ...this.sums };
  }

  merchantBalance(account: AccountCode, merchant: string): number {
    return this.merchants.get(`${account} ${merchant}`) ?? 0;
  }

  /** 0 if the books balance. */
  sum(): number {
    return Object.values(this.sums).reduce((total, amount) => total + amount, 0);
  }
}

/**
 * What the accounts must hold according to the lines of fen (with expense at issue): the books and the state machines
 * are two independent counts of the same money, and must agree after each event.
 */
export function expectedBalances(sweep: LineSweep): Balances {
  const states = sweep.totals();
  let lockedMinor = 0;
  let redeemedPrepaidMinor = 0;
  for (const { fundingMode, line } of sweep.batches.values()) {
    if (fundingMode !== 'prepaid') continue;
    lockedMinor += line.totals.committed + line.totals.issued + line.totals.in_transit;
    redeemedPrepaidMinor += line.totals.redeemed;
  }
  const outMinor = sweep.paidMinor + states.refunded + states.administration_spent;
  return {
    bank: sweep.intakeMinor - outMinor - lockedMinor - redeemedPrepaidMinor,
    wallet_locked: lockedMinor,
    merchant_receivable: states.recoverable,
    merchant_payable: negative(states.redeemed - redeemedPrepaidMinor + states.recoverable - sweep.paidMinor),
    vouchers_outstanding: negative(states.outstanding),
    refunds_payable: negative(states.refund_reserved),
    restricted_income: negative(sweep.intakeMinor - sweep.feesMinor - states.refund_reserved - states.refunded),
    administration_income: negative(sweep.feesMinor),
    programme_expense: states.outstanding + states.redeemed,
    administration_expense: states.administration_spent,
  };
}

function zeroBalances(): Record<AccountCode, number> {
  return Object.fromEntries(accountCodes.map((code) => [code, 0])) as Record<AccountCode, number>;
}

/** Without making -0. */
function negative(amount: number): number {
  return 0 - amount;
}
