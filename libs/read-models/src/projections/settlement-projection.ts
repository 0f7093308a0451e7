import type { SettlementEvent } from '@aidtrail/domain';
import { idOf } from '../projector/load.js';
import type { Work } from '../projector/work.js';
import type { RowOf } from '../tables/define.js';
import type { settlements } from '../tables/merchant-tables.js';
import { ERASED } from '../tables/voucher-tables.js';
import { privateText, type Projected, type Projections } from './projection.js';

type SettlementRow = RowOf<typeof settlements>;

export const settlementProjections: Projections<SettlementEvent> = {
  SettlementProposed: propose,

  SettlementPrepared(event, work) {
    const { data } = event;
    const row = changed(event, work, 'prepared');
    Object.assign(row, {
      count: data.count,
      gross_minor: data.grossMinor,
      reversals_minor: data.reversalsMinor,
      recoverable_minor: data.recoverableMinor,
      withheld_minor: data.withheldMinor,
      released_minor: data.releasedMinor,
      carried_in_minor: data.carriedInMinor,
      carried_out_minor: data.carriedOutMinor,
      recovered_minor: data.recoveredMinor,
      withheld_balance_minor: data.withheldBalanceMinor,
      recoverable_balance_minor: data.recoverableBalanceMinor,
      net_minor: data.netMinor,
      merchant_name: data.merchantName ?? null,
      prepared_by: data.officer,
      approved_by: null,
      payable_from: null,
      reason: privateText(event, 'reason') ?? null,
    } satisfies Partial<SettlementRow>);
  },

  SettlementApproved(event, work) {
    const row = changed(event, work, 'approved');
    row.approved_by = event.data.officer;
    row.payable_from = event.data.payableFrom;
  },

  SettlementHeld(event, work) {
    const before = work.settlements.getOrThrow(idOf(event.stream)).status;
    const row = changed(event, work, 'held');
    if (before !== 'held') row.status_before_hold = before;
    row.reason = event.data.reason;
  },

  SettlementReleased(event, work) {
    const before = work.settlements.getOrThrow(idOf(event.stream)).status_before_hold;
    const row = changed(event, work, before ?? 'approved');
    row.status_before_hold = null;
    row.reason = event.data.reason;
  },

  PaymentInstructed(event, work) {
    changed(event, work, 'instructed');
  },

  SettlementPaid(event, work) {
    const row = changed(event, work, 'paid');
    row.net_minor = event.data.netMinor;
    row.carried_out_minor = event.data.carriedOutMinor;
    row.recovered_minor = event.data.recoveredMinor;
    row.bank_day = event.data.bankDay;
    row.merchant_name = event.data.merchantName ?? row.merchant_name;
    row.bank_reference = privateText(event, 'bankReference') ?? null;
  },

  PaymentFailed(event, work) {
    changed(event, work, 'payment-failed').reason = event.data.reason;
  },

  PaymentReturned(event, work) {
    const row = changed(event, work, 'payment-returned');
    row.reason = event.data.reason;
    row.bank_day = event.data.bankDay;
  },

  SettlementReconciled(event, work) {
    changed(event, work, 'reconciled');
  },

  SettlementDisputed(event, work) {
    const row = changed(event, work, 'disputed');
    row.status_before_hold = null;
    row.reason = event.data.reason;
  },
};

function propose(event: Projected<Extract<SettlementEvent, { type: 'SettlementProposed' }>>, work: Work): void {
  const { data, day, position, stream } = event;
  work.settlements.put({
    settlement: idOf(stream),
    merchant: privateText(event, 'merchant') ?? ERASED,
    cutoff: data.cutoff,
    window_from: data.window[0],
    window_to: data.window[1],
    funding_mode: data.fundingMode,
    status: 'proposed',
    status_before_hold: null,
    count: data.count,
    gross_minor: data.grossMinor,
    reversals_minor: data.reversalsMinor,
    recoverable_minor: data.recoverableMinor,
    withheld_minor: 0,
    released_minor: 0,
    carried_in_minor: 0,
    carried_out_minor: 0,
    recovered_minor: 0,
    withheld_balance_minor: 0,
    recoverable_balance_minor: 0,
    net_minor: 0,
    merchant_name: null,
    prepared_by: null,
    approved_by: null,
    payable_from: null,
    bank_day: null,
    bank_reference: null,
    reason: null,
    changed_day: day,
    position,
  });
}

function changed(event: { readonly stream: string; readonly day: string }, work: Work, status: string): SettlementRow {
  const row = work.settlements.getOrThrow(idOf(event.stream));
  row.status = status;
  row.changed_day = event.day;
  work.settlements.put(row);
  return row;
}
