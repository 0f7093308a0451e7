import type { Leaf } from '@aidtrail/envelope';
import type { LogInHand } from '../effects/log-in-hand.testing.js';
import { describeTampering, noHash, nowhere, type Case } from '../effects/tampering.testing.js';
import type { MoneyFindingCode } from './money-findings.js';

const moneyCases: Readonly<Record<MoneyFindingCode, readonly Case[]>> = {
  line_unknown: [
    {
      what: 'money comes home of a batch that nobody funded',
      tamper: (log) => log.change('FundsRecovered', { data: { batch: nowhere } }),
    },
  ],
  line_gap: [
    {
      what: 'an intake leaves addresses out',
      tamper: (log) => log.change('IntakeReceived', { data: { interval: [5, 38_800] } }),
    },
  ],
  line_overlap: [
    {
      what: 'an intake takes addresses that are in use',
      tamper: (log) => {
        const [start, length] = log.intervalOf('IntakeReceived', 1);
        log.change('IntakeReceived', { data: { interval: [start - 1, length] } }, 1);
      },
    },
  ],
  wrong_state: [
    {
      what: 'a redemption spends fen that were spent before',
      tamper: (log) => log.change('VoucherRedeemed', { data: { segments: [[0, 2_000]] } }, 1),
    },
  ],
  amount_differs: [
    {
      what: 'a redemption pays more than its fen',
      tamper: (log) => log.change('VoucherRedeemed', { data: { amountMinor: 3_001 } }),
    },
  ],
  voucher_unknown: [
    {
      what: 'a voucher is spent that was never issued',
      tamper: (log) => log.change('VoucherRedeemed', { stream: `voucher-${nowhere}` }),
    },
  ],
  outside_voucher: [
    {
      what: 'a voucher spends the fen of another one',
      tamper: (log) => log.change('VoucherRedeemed', { data: { segments: [[10_000, 3_000]] } }),
    },
  ],
  fee_not_due: [
    {
      what: 'a larger fee arrives than was split off',
      tamper: (log) => log.change('FeeReceived', { data: { amountMinor: 9_999 } }),
    },
  ],
  refund_unknown: [
    {
      what: 'a refund is paid that no fund reserved',
      tamper: (log) => log.change('DonationRefunded', { data: { refund: nowhere } }),
    },
  ],
  closed_with_money: [
    {
      what: 'a fund is closed with money on its line',
      tamper: (log) =>
        log.append({ ...log.find('FundOpened', 0).leaf, type: 'FundClosed', data: { officer: 'finance-1' } }),
      isAlone: true,
    },
  ],
  states_do_not_sum: [
    {
      what: 'a fee arrives that nobody gave',
      tamper: (log) => log.append(log.find('FeeReceived').leaf),
    },
  ],
  books_differ: [
    {
      what: 'less of a reservation is released than was reserved',
      tamper: (log) => log.change('RefundReleased', { data: { amountMinor: 1 } }),
    },
  ],
  batch_over_issued: [
    {
      what: 'a batch has more vouchers than it is funded for',
      tamper: (log) =>
        log.append({
          ...log.find('VoucherIssued').leaf,
          stream: `voucher-${nowhere}`,
          data: { ...log.find('VoucherIssued').leaf.data, number: 5, interval: [50_000, 10_000] },
        }),
    },
  ],
  batch_does_not_add_up: [
    {
      what: 'less expires than was unspent',
      tamper: (log) => log.change('VoucherExpired', { data: { amountMinor: 1 } }),
    },
  ],
  window_gap: [
    {
      what: 'leaves between two windows are left out',
      tamper: (log) => {
        const from = log.find('CutoffSet', 1).leaf.data['from'] as number;
        log.change('CutoffSet', { data: { from: from + 1 } }, 1);
      },
    },
  ],
  window_beyond_tree: [
    {
      what: 'a window ends behind the newest leaf',
      tamper: (log) => log.change('CutoffSet', { data: { to: 1_000_000 } }, 2),
    },
    {
      what: 'a month is closed beyond the newest leaf',
      tamper: (log) => log.append(closing(log, '2026-05', 1_000_000)),
      isAlone: true,
    },
  ],
  window_sum_differs: [
    {
      what: 'a merchant gets more than was redeemed there',
      tamper: (log) => log.change('SettlementProposed', { data: { grossMinor: 15_001 } }),
    },
    {
      what: 'a redemption is left out of its window',
      tamper: (log) => log.change('SettlementProposed', { data: { count: 2, grossMinor: 12_000 } }),
    },
  ],
  settlement_counted_twice: [
    {
      what: 'a settlement is proposed a second time',
      tamper: (log) => log.append(log.find('SettlementProposed').leaf),
    },
  ],
  settlement_differs: [
    {
      what: 'another net is approved than was prepared',
      tamper: (log) => log.change('SettlementApproved', { data: { netMinor: 1 } }),
      isAlone: true,
    },
    {
      what: 'a settlement is prepared on other figures than were proposed',
      tamper: (log) => log.change('SettlementPrepared', { data: { count: 4 } }),
      isAlone: true,
    },
    {
      what: 'a payment covers another window',
      tamper: (log) => log.change('SettlementPaid', { data: { window: [0, 1] } }),
      isAlone: true,
    },
  ],
  settlement_arithmetic: [
    {
      what: 'the net is not what the figures come to',
      tamper: (log) => log.change('SettlementPrepared', { data: { netMinor: 14_501 } }),
    },
    {
      what: 'what is withheld is missing in the balance that the next settlement starts from',
      tamper: (log) => log.change('SettlementPrepared', { data: { withheldMinor: 10, netMinor: 14_490 } }),
    },
  ],
  settlement_paid_twice: [
    {
      what: 'a settlement is paid a second time',
      tamper: (log) => log.append(log.find('SettlementPaid').leaf, log.find('SettlementPaid').private),
    },
  ],
  bank_account_unknown: [
    {
      what: 'a payment goes to an account that no merchant has',
      tamper: (log) => log.change('PaymentInstructed', { private: { bankDigest: noHash } }),
      isAlone: true,
      isPrivate: true,
    },
  ],
  balance_taken_twice: [
    {
      what: 'a settlement takes over a debt that no other passed on',
      tamper: takeOverTooMuch,
    },
  ],
  balance_differs: [
    {
      what: 'a settlement takes over less debt than its merchant had',
      tamper: (log) => log.change('SettlementPrepared', { data: { carriedInMinor: 600, netMinor: 1_900, recoveredMinor: 600, recoverableBalanceMinor: 100 } }, 2), // prettier-ignore
      isPrivate: true,
    },
  ],
  period_changed: [
    {
      what: 'a month is closed a second time',
      tamper: (log) => {
        log.append(closing(log, '2026-05', 10));
        log.append(closing(log, '2026-05', 11));
      },
      isAlone: true,
    },
    {
      what: 'money moves in a month that is closed',
      tamper: (log) => {
        log.append(closing(log, '2026-07', 10));
        log.append(log.find('RefundReleased').leaf);
      },
    },
  ],
};

describeTampering(moneyCases);

function closing(log: LogInHand, month: string, upTo: number): Leaf {
  const data = { upTo, balancesDigest: noHash, officer: 'finance-1', secondOfficer: 'finance-2' };
  return { ...log.find('FundOpened').leaf, type: 'PeriodClosed', stream: `period-${month}`, data };
}

function takeOverTooMuch(log: LogInHand): void {
  const data = { carriedInMinor: 800, netMinor: 1_700, recoveredMinor: 700 };
  log.change('SettlementPrepared', { data }, 2);
}
