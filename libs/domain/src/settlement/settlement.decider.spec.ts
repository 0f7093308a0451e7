import { describe, expect, it } from '@jest/globals';
import type { Context } from '../kernel/concept.js';
import { exampleBase64, exampleContext, exampleDevice, exampleOfficer, exampleUuid } from '../kernel/examples.js';
import { testRefusals, type Setup } from '../kernel/refusal-cases.testing.js';
import { factOf, spec } from '../kernel/testing.js';
import type { SettlementCommand } from './settlement.commands.js';
import { settlementConcept } from './settlement.decider.js';
import type { SettlementEvent } from './settlement.events.js';
import { settlementCommandExamples as ask, settlementEventExamples as event } from './settlement.examples.js';
import type { SettlementFacts } from './settlement.facts.js';

const li = exampleOfficer('finance', 'finance-li');
const wang = exampleOfficer('finance', 'finance-wang');
const nobody = { signers: [exampleDevice('finance')] };
const merchant = {
  stream: 'merchant-x',
  version: 1,
  state: { status: 'approved', name: '京客隆超市', holdDays: 3, bankDigest: exampleBase64(0x5b) },
};
const previousId = exampleUuid(0x4ff);
const previous = (...events: SettlementEvent[]) => factOf(settlementConcept, `settlement-${previousId}`, events);
const by = (officer: typeof li, more: Partial<Context> = {}): SettlementFacts => ({
  context: exampleContext({ signers: [officer], ...more }),
  merchant,
});
const later = { day: '2026-11-05' };

const proposed = [event.SettlementProposed()];
const second = [event.SettlementProposed({}, { previous: previousId })];
const prepared = [...proposed, event.SettlementPrepared()];
const approved = [...prepared, event.SettlementApproved()];
const instructed = [...approved, event.PaymentInstructed()];
const paid = [...instructed, event.SettlementPaid()];
const nothing = { netMinor: 0 };
const nothingDue = [...proposed, event.SettlementPrepared(nothing), event.SettlementApproved(nothing)];

type SettlementSetup = Setup<SettlementCommand, SettlementFacts, SettlementEvent>;
const setup = (
  given: readonly SettlementEvent[],
  when: SettlementCommand,
  facts: SettlementFacts,
): SettlementSetup => ({
  given,
  when,
  facts,
});
const preparing = setup(second, ask.PrepareSettlement({ withheldMinor: 10 }, 'unusual-hours'), {
  ...by(li),
  previous: previous(...approved),
});
const approving = setup(prepared, ask.ApproveSettlement(), by(wang));
const releasing = setup([...approved, event.SettlementHeld()], ask.ReleaseSettlement(), by(li));
const holding = setup(approved, ask.HoldSettlement(), by(wang));
const disputing = setup(prepared, ask.DisputeSettlement(), by(wang));
const instructing = setup(approved, ask.InstructPayment(), by(li, later));
const paying = setup(instructed, ask.RecordPayment(), by(li, later));
const reconciling = setup(paid, ask.ReconcileSettlement(), by(wang));

testRefusals(settlementConcept, {
  settlement_unknown: { of: approving, change: { given: [] }, notWith: ['settlement_held'] },
  settlement_held: { of: instructing, change: { also: [event.SettlementHeld()] }, notWith: ['not_approved'] },
  settlement_not_held: { of: releasing, change: { also: [event.SettlementReleased()] } },
  not_proposed: { of: preparing, change: { also: [event.SettlementPrepared()] } },
  not_prepared: { of: approving, change: { given: proposed }, notWith: ['maker_is_checker'] },
  not_approved: { of: instructing, change: { given: prepared }, notWith: ['already_instructed'] },
  not_instructed: { of: paying, change: { given: approved } },
  not_paid: { of: reconciling, change: { given: instructed } },
  already_approved: { of: disputing, change: { also: [event.SettlementApproved()] } },
  already_instructed: { of: holding, change: { also: [event.PaymentInstructed()] } },
  officer_missing: { of: preparing, change: { context: nobody } },
  maker_is_checker: { of: approving, change: { context: { signers: [li] } } },
  same_officer: { of: releasing, change: { context: { signers: [wang] } } },
  merchant_unknown: { of: instructing, change: { facts: { merchant: undefined } } },
  previous_not_approved: { of: preparing, change: { facts: { previous: previous(...prepared) } } },
  reason_missing: { of: preparing, change: { private: { reason: undefined } } },
  released_exceeds_withheld: { of: preparing, change: { data: { releasedMinor: 1 } } },
  withheld_exceeds_due: { of: preparing, change: { data: { withheldMinor: 92_001 } } },
  net_differs: { of: paying, change: { data: { netMinor: 91_999 } } },
  nothing_due: { of: reconciling, change: { given: [...nothingDue, event.SettlementPaid(nothing)] } },
  hold_window: { of: instructing, change: { context: { day: '2026-11-04' } } },
  bank_day_ahead: { of: paying, change: { data: { bankDay: '2026-11-06' } } },
  bank_reference_missing: { of: paying, change: { private: { bankReference: undefined } } },
});

describe('from proposal to reconciliation', () => {
  it('goes through maker, checker, hold window, bank and statement', () => {
    spec(settlementConcept)
      .given([])
      .when(ask.ProposeSettlement(), { context: exampleContext() })
      .accepted()
      .when(ask.PrepareSettlement(), by(li))
      .accepted()
      .when(ask.ApproveSettlement(), by(wang))
      .accepted()
      .when(ask.InstructPayment(), by(li, later))
      .accepted()
      .when(ask.RecordPayment(), by(li, later))
      .accepted()
      .when(ask.ReconcileSettlement(), by(wang, later))
      .then([event.SettlementReconciled()]);
  });

  it('makes each event as its example shows', () => {
    const given = (events: readonly SettlementEvent[]) => spec(settlementConcept).given(events);
    given([]).when(ask.ProposeSettlement(), by(li)).then(proposed);
    given(proposed).when(ask.PrepareSettlement(), by(li)).then([event.SettlementPrepared()]);
    given(prepared).when(ask.ApproveSettlement(), by(wang)).then([event.SettlementApproved()]);
    given(approved).when(ask.InstructPayment(), by(li, later)).then([event.PaymentInstructed()]);
    given(instructed).when(ask.RecordPayment(), by(li, later)).then([event.SettlementPaid()]);
    given(instructed).when(ask.FailPayment(), by(li)).then([event.PaymentFailed()]);
    given(paid)
      .when(ask.ReturnPayment(), by(li, { day: '2026-11-06' }))
      .then([event.PaymentReturned()]);
  });

  it('is returned no later than on the day of the ledger', () => {
    spec(settlementConcept).given(paid).when(ask.ReturnPayment(), by(li, later)).thenRefused('bank_day_ahead');
  });

  it('names the merchant in public from k redemptions on', () => {
    const facts = by(li, { k: 13 });
    const { outcome } = spec(settlementConcept).given(proposed).when(ask.PrepareSettlement(), facts);
    expect(outcome).not.toHaveProperty('0.data.merchantName');
  });

  it('is proposed, held and reconciled once', () => {
    spec(settlementConcept).given(proposed).when(ask.ProposeSettlement(), by(li)).then([]);
    spec(settlementConcept)
      .given([...approved, event.SettlementHeld()])
      .when(ask.HoldSettlement(), by(li))
      .then([]);
    spec(settlementConcept)
      .given([...paid, event.SettlementReconciled()])
      .when(ask.ReconcileSettlement(), by(li))
      .then([]);
  });

  it('records that nothing was due without telling the bank', () => {
    spec(settlementConcept).given(nothingDue).when(ask.InstructPayment(), by(li, later)).thenRefused('nothing_due');
    spec(settlementConcept).given(nothingDue).when(ask.RecordPayment(nothing), by(li, later)).accepted();
  });
});

describe('a hold', () => {
  it.each([
    ['proposed', proposed],
    ['prepared', prepared],
    ['approved', approved],
  ])('of a %s settlement ends where it began', (status, given) => {
    const events = [...given, event.SettlementHeld(), event.SettlementReleased()];
    expect(spec(settlementConcept).given(events).state()).toStrictEqual(spec(settlementConcept).given(given).state());
    expect(spec(settlementConcept).given(given).state()).toMatchObject({ status });
  });

  it('keeps the money back', () => {
    const held = [...approved, event.SettlementHeld()];
    spec(settlementConcept).given(held).when(ask.RecordPayment(), by(li, later)).thenRefused('settlement_held');
  });
});

describe('a dispute', () => {
  it('sends it back to preparation, also out of a hold', () => {
    const held = [...prepared, event.SettlementHeld()];
    for (const given of [prepared, held]) {
      const after = spec(settlementConcept).given(given).when(ask.DisputeSettlement(), by(wang)).accepted();
      expect(after.state()).toStrictEqual(spec(settlementConcept).given(proposed).state());
    }
  });
});

describe('a payment that fails or comes back', () => {
  it('can be instructed again', () => {
    const failed = [...instructed, event.PaymentFailed()];
    spec(settlementConcept).given(failed).when(ask.InstructPayment(), by(li, later)).accepted();
    const returned = [...paid, event.PaymentReturned()];
    spec(settlementConcept).given(returned).when(ask.InstructPayment(), by(li, later)).accepted();
  });

  it('nets what it recovered only the first time', () => {
    const again = [
      ...paid,
      event.PaymentReturned(),
      event.PaymentInstructed(),
      event.PaymentFailed(),
      event.PaymentInstructed(),
    ];
    const { outcome } = spec(settlementConcept).given(again).when(ask.RecordPayment(), by(li, later));
    expect(outcome).toMatchObject([{ data: { netMinor: 92_000, recoveredMinor: 0 } }]);
  });
});

describe('needs', () => {
  it('are the merchant and, to prepare, its settlement before; both identify', () => {
    const state = spec(settlementConcept).given(second).state();
    expect(settlementConcept.needs(ask.PrepareSettlement(), state)).toStrictEqual([
      { name: 'merchant', stream: `merchant-${exampleUuid(0x118)}`, identifying: true },
      { name: 'previous', stream: `settlement-${previousId}`, identifying: true },
    ]);
  });
});
