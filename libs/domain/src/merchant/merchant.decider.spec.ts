import { describe, expect, it } from '@jest/globals';
import { exampleBase64, exampleContext, exampleDevice, exampleOfficer } from '../kernel/examples.js';
import { testRefusals } from '../kernel/refusal-cases.testing.js';
import { spec } from '../kernel/testing.js';
import { merchantConcept } from './merchant.decider.js';
import { exampleStore, merchantCommandExamples as ask, merchantEventExamples as event } from './merchant.examples.js';

const zhao = exampleOfficer('programme', 'programme-zhao');
const li = exampleOfficer('finance', 'finance-li');
const wang = exampleOfficer('finance', 'finance-wang');
const by = (...signers: (typeof zhao)[]) => ({ context: exampleContext({ signers }) });

const assessed = [event.MerchantApplied(), event.MerchantAssessed()];
const once = [...assessed, event.MerchantApproved()];
const approved = [...once, event.MerchantApproved({ officer: 'finance-li', approval: 2 })];
const withStore = [...approved, event.StoreOpened()];
const store = withStore.slice(-1);

const applying = { given: [], when: ask.ApplyMerchant(), facts: by(zhao) };
const secondApproval = { given: once, when: ask.ApproveMerchant(), facts: by(li) };
const suspending = { given: approved, when: ask.SuspendMerchant(), facts: by(zhao) };
const banking = { given: approved, when: ask.ChangeBankDetails(), facts: by(li, wang) };
const opening = { given: approved, when: ask.OpenStore(), facts: by(zhao) };
const closing = { given: withStore, when: ask.CloseStore(), facts: by(zhao) };

testRefusals(merchantConcept, {
  merchant_exists: { of: applying, change: { given: assessed } },
  merchant_unknown: { of: secondApproval, change: { given: [] }, notWith: ['approver_repeats'] },
  officer_missing: { of: applying, change: { context: { signers: [exampleDevice('programme')] } } },
  second_officer_missing: { of: banking, change: { context: { signers: [li, { ...wang, officer: 'finance-li' }] } } },
  store_exists: { of: opening, change: { also: store } },
  store_unknown: { of: closing, change: { given: approved } },
  merchant_not_approved: { of: suspending, change: { given: assessed } },
  approver_repeats: { of: secondApproval, change: { context: { signers: [zhao] } } },
  not_assessed: {
    of: secondApproval,
    change: { given: [event.MerchantApplied(), event.MerchantApproved()] },
    notWith: ['assessed_unsuitable'],
  },
  assessed_unsuitable: {
    of: secondApproval,
    change: { also: [event.MerchantAssessed({ assessor: 'funder', outcome: 'unsuitable' })] },
  },
  hold_days_differ: { of: secondApproval, change: { data: { holdDays: 7 } } },
});

describe('approval', () => {
  it('takes two different officers', () => {
    const first = spec(merchantConcept).given(assessed).when(ask.ApproveMerchant(), by(zhao));
    first.then([event.MerchantApproved()]);
    expect(first.accepted().state()).toMatchObject({ status: 'applied' });
    const second = first.accepted().when(ask.ApproveMerchant(), by(li));
    second.then([event.MerchantApproved({ officer: 'finance-li', approval: 2 })]);
    expect(second.accepted().state()).toMatchObject({ status: 'approved', holdDays: 1 });
  });

  it('is refused while nobody found the merchant suitable', () => {
    spec(merchantConcept)
      .given([event.MerchantApplied(), event.MerchantAssessed({ outcome: 'unsuitable' })])
      .when(ask.ApproveMerchant(), by(zhao))
      .thenRefused('not_assessed');
  });

  it('is possible once the assessor who found it unsuitable finds it suitable', () => {
    spec(merchantConcept)
      .given([...assessed, event.MerchantAssessed({ outcome: 'unsuitable' }), event.MerchantAssessed()])
      .when(ask.ApproveMerchant(), by(zhao))
      .then([event.MerchantApproved()]);
  });

  it('is complete with two: a third changes nothing, and cannot change the terms', () => {
    spec(merchantConcept).given(approved).when(ask.ApproveMerchant(), by(wang)).then([]);
    spec(merchantConcept)
      .given(approved)
      .when(ask.ApproveMerchant({ holdDays: 0 }), by(wang))
      .thenRefused('hold_days_differ');
  });
});

describe('suspension', () => {
  const suspended = [...approved, event.MerchantSuspended()];

  it('stops an approved merchant', () => {
    const outcome = spec(merchantConcept).given(approved).when(ask.SuspendMerchant(), by(zhao));
    outcome.then([event.MerchantSuspended()]);
    expect(outcome.accepted().state()).toMatchObject({ status: 'suspended', approvedBy: [] });
  });

  it('is lifted by two new approvals, also of officers who approved before', () => {
    const first = spec(merchantConcept).given(suspended).when(ask.ApproveMerchant(), by(zhao));
    expect(first.accepted().state()).toMatchObject({ status: 'suspended' });
    const second = first.accepted().when(ask.ApproveMerchant(), by(li));
    expect(second.accepted().state()).toMatchObject({ status: 'approved' });
  });

  it('is there already', () => {
    spec(merchantConcept).given(suspended).when(ask.SuspendMerchant(), by(zhao)).then([]);
  });

  it('annuls a first new approval', () => {
    const again = spec(merchantConcept)
      .given([...suspended, event.MerchantApproved()])
      .when(ask.SuspendMerchant(), by(wang));
    expect(again.accepted().state()).toMatchObject({ status: 'suspended', approvedBy: [] });
  });
});

describe('stores and bank details', () => {
  it('a store opens and closes; its id is not used again', () => {
    const opened = spec(merchantConcept).given(approved).when(ask.OpenStore(), by(zhao));
    opened.then([event.StoreOpened()]);
    const closed = opened.accepted().when(ask.CloseStore(), by(zhao));
    closed.then([event.StoreClosed()]);
    expect(closed.accepted().state()).toMatchObject({ stores: { [exampleStore]: { status: 'closed' } } });
    closed.accepted().when(ask.CloseStore(), by(zhao)).then([]);
    closed.accepted().when(ask.OpenStore(), by(zhao)).thenRefused('store_exists');
  });

  it('payouts go to another account after two officers signed', () => {
    const changed = spec(merchantConcept).given(approved).when(ask.ChangeBankDetails(), by(li, wang));
    changed.then([event.BankDetailsChanged()]);
    expect(changed.accepted().state()).toMatchObject({ bankDigest: exampleBase64(19) });
    changed.accepted().when(ask.ChangeBankDetails(), by(wang, li)).then([]);
  });

  it('an application keeps the channel number private, and is readable without it', () => {
    spec(merchantConcept)
      .given([])
      .when(ask.ApplyMerchant(), by(exampleOfficer('registrar', 'registrar-chen')))
      .then([event.MerchantApplied()]);
    const { private: _undisclosed, ...published } = event.MerchantApplied();
    expect(spec(merchantConcept).given([published]).state()).not.toHaveProperty('wechatMerchantNumber');
  });

  it('repeating a finding changes nothing', () => {
    spec(merchantConcept).given(assessed).when(ask.AssessMerchant(), by(zhao)).then([]);
  });
});
