import { describe, expect, it } from '@jest/globals';
import {
  exampleBase64,
  exampleContext,
  exampleDevice,
  exampleHolder,
  exampleOfficer,
  exampleUuid,
} from '../kernel/examples.js';
import { testRefusals, type Setup } from '../kernel/refusal-cases.testing.js';
import { keyIdOf } from '../kernel/key-id.js';
import { factOf, spec, type Given } from '../kernel/testing.js';
import { ledgerConcept } from '../ledger/ledger.decider.js';
import { ledgerEventExamples } from '../ledger/ledger.examples.js';
import type { VoucherCommand } from './voucher.commands.js';
import { voucherConcept } from './voucher.decider.js';
import type { VoucherEvent } from './voucher.events.js';
import {
  exampleHolderKey,
  exampleMerchant as merchant,
  exampleStore as store,
  voucherCommandExamples as ask,
  voucherEventExamples as event,
} from './voucher.examples.js';
import type { VoucherFacts } from './voucher.facts.js';

const redemptionId = exampleUuid(0x302);
const programme = exampleUuid(0x110);
const till = exampleDevice('till', { organisation: merchant, store });
const worker = exampleOfficer('worker', 'worker-sun');
const holder = exampleHolder(exampleHolderKey);
const zhao = exampleOfficer('programme', 'programme-zhao');

const fact = <S>(state: S) => ({ stream: 'x', version: 1, state });
const terms = {
  firstDay: '2026-11-01',
  lastDay: '2026-11-30',
  fundingMode: 'merchant-funded' as const,
  assistedAllowed: true,
  largestRedemptionMinor: 9_000,
};
const campaign = (changed: Partial<typeof terms> = {}) =>
  fact({ status: 'open', programme, terms: { ...terms, ...changed } });
const policy = {
  policyVersion: 2,
  rules: [
    { category: 'rice', verdict: 'allow' as const },
    { category: 'alcohol', verdict: 'allow' as const },
    { category: 'alcohol', verdict: 'deny' as const },
  ],
  unknown: 'deny' as const,
};
const approved = fact({ status: 'approved', stores: { [store]: { status: 'open' } } });
const facts: VoucherFacts = {
  context: exampleContext({ signers: [till, holder] }),
  campaign: campaign(),
  programme: fact({ status: 'open', policy }),
  merchant: approved,
};

const issued = [event.VoucherIssued()];
const claimed = [...issued, event.VoucherClaimed()];
const redeemedOnce: Given<VoucherEvent>[] = [
  ...claimed,
  { ...event.VoucherRedeemed(), id: redemptionId, position: 700 },
];
const reissued = [...claimed, event.VoucherReissued()];
const newHolder = exampleBase64(0x32);

type VoucherSetup = Setup<VoucherCommand, VoucherFacts, VoucherEvent>;
const by = (signers: VoucherFacts['context']['signers'], more: object = {}): VoucherFacts => ({
  ...facts,
  context: exampleContext({ signers, ...more }),
});
const redeeming: VoucherSetup = { given: claimed, when: ask.RedeemVoucher(), facts };
const assisted: VoucherSetup = {
  given: claimed,
  when: ask.RedeemVoucher({ consent: 'assisted' }),
  facts: by([till, worker]),
};
const claiming: VoucherSetup = {
  given: reissued,
  when: ask.ClaimVoucher({ holder: newHolder }),
  facts: by([worker, exampleHolder(newHolder)]),
};
const finance = exampleOfficer('finance', 'finance-li');
/** As it reads once the keys of the household are gone. */
const { private: _merchant, ...erasedRedemption } = event.VoucherRedeemed();
const reversing: VoucherSetup = { given: redeemedOnce, when: ask.ReverseRedemption(), facts: by([till]) };
const cancelling: VoucherSetup = { given: claimed, when: ask.CancelVoucher(), facts: by([zhao]) };
const expiring: VoucherSetup = { given: claimed, when: ask.ExpireVoucher(), facts: by([], { day: '2026-12-01' }) };

/** Five hundred pieces, so that one more is too many. */
const crumbs: Given<VoucherEvent>[] = [
  ...claimed,
  { ...event.VoucherRedeemed({ amountMinor: 2_500 }), id: redemptionId, position: 700 },
  event.VoucherRedeemed({ amountMinor: 100, segments: [[32_500, 100]] }),
  ...Array.from({ length: 499 }, (_, i) =>
    event.RedemptionReversed({ amountMinor: 1, segments: [[30_000 + 2 * i, 1]] }),
  ),
];

testRefusals(voucherConcept, {
  voucher_unknown: { of: redeeming, change: { given: [] }, notWith: ['voucher_cancelled'] },
  voucher_cancelled: { of: claiming, change: { also: [event.VoucherCancelled()] } },
  voucher_expired: { of: redeeming, change: { context: { day: '2026-12-01' } } },
  voucher_not_over: { of: expiring, change: { context: { day: '2026-11-30' } } },
  already_claimed: { of: claiming, change: { also: [event.VoucherClaimed()] } },
  voucher_not_claimed: { of: redeeming, change: { given: issued } },
  voucher_not_yet_valid: { of: redeeming, change: { facts: { campaign: campaign({ firstDay: '2026-11-03' }) } } },
  out_of_scope: {
    of: cancelling,
    change: { context: { signers: [{ ...zhao, campaigns: [exampleUuid(1)] }] } },
    notWith: ['officer_missing'],
  },
  officer_missing: { of: cancelling, change: { context: { signers: [exampleDevice('programme')] } } },
  worker_required: {
    of: claiming,
    change: {
      data: { channel: 'assisted' },
      context: { signers: [exampleDevice('service'), exampleHolder(newHolder)] },
    },
    notWith: ['proxy_reference_missing'],
  },
  proxy_reference_missing: { of: claiming, change: { data: { channel: 'proxy' } } },
  holder_proof_missing: {
    of: claiming,
    change: { context: { signers: [worker, exampleHolder(exampleBase64(0x33))] } },
  },
  holder_key_used: {
    of: claiming,
    change: { data: { holder: exampleHolderKey }, context: { signers: [worker, holder] } },
  },
  holder_key_enrolled: { of: claiming, change: { facts: { holderKey: fact({ status: 'approved' }) } } },
  redemption_unknown: {
    of: reversing,
    change: { context: { signers: [exampleDevice('till', { organisation: exampleUuid(1), store })] } },
  },
  redemption_erased: {
    of: reversing,
    change: {
      given: [...claimed, { ...erasedRedemption, id: redemptionId, position: 700 }],
      context: { signers: [finance] },
    },
    notWith: ['redemption_unknown'],
  },
  till_not_of_store: { of: redeeming, change: { private: { store: exampleUuid(1) } } },
  merchant_not_approved: {
    of: redeeming,
    change: { facts: { merchant: fact({ ...approved.state, status: 'suspended' }) } },
    notWith: ['store_not_open'],
  },
  store_not_open: {
    of: redeeming,
    change: { facts: { merchant: fact({ status: 'approved', stores: { [store]: { status: 'closed' } } }) } },
  },
  assisted_not_allowed: { of: assisted, change: { facts: { campaign: campaign({ assistedAllowed: false }) } } },
  consent_missing: {
    of: redeeming,
    change: { context: { signers: [till, exampleHolder(newHolder)] } },
  },
  amount_above_limit: { of: redeeming, change: { facts: { campaign: campaign({ largestRedemptionMinor: 2_499 }) } } },
  policy_missing: { of: redeeming, change: { facts: { programme: fact({ status: 'open' }) } } },
  amount_exceeds_basket: { of: redeeming, change: { data: { amountMinor: 2_501 } } },
  goods_denied: {
    of: redeeming,
    change: { private: { basket: [{ category: 'alcohol', quantity: 1, amountMinor: 2_500 }] } },
  },
  insufficient_balance: {
    of: redeeming,
    change: { also: [event.VoucherRedeemed({ amountMinor: 7_501, segments: [[30_000, 7_501]] })] },
  },
  reversal_exceeds_redemption: { of: reversing, change: { data: { amountMinor: 2_501 } }, notWith: ['too_fragmented'] },
  too_fragmented: { of: reversing, change: { given: crumbs, data: { amountMinor: 1 } } },
});

describe('redemption', () => {
  it('spends the leftmost unspent fen and keeps what the policy said of each line', () => {
    const basket = [
      { category: 'rice', quantity: 1, amountMinor: 2_500 },
      { category: 'alcohol', quantity: 2, amountMinor: 4_000 },
      { category: 'toys', quantity: 1, amountMinor: 900 },
    ];
    spec(voucherConcept)
      .given(redeemedOnce)
      .when(ask.RedeemVoucher({}, { basket }), facts)
      .then([
        {
          type: 'VoucherRedeemed',
          data: {
            campaign: event.VoucherIssued().data.campaign,
            amountMinor: 2_500,
            segments: [[32_500, 2_500]],
            consent: 'holder',
            fundingMode: 'merchant-funded',
          },
          private: {
            merchant,
            store,
            policyVersion: 2,
            verdicts: [
              { line: 0, verdict: 'allowed', rule: 'rice' },
              { line: 1, verdict: 'denied', rule: 'alcohol' },
              { line: 2, verdict: 'denied', rule: 'unknown' },
            ],
          },
        },
      ]);
  });

  it.each([
    ['on the last day', '2026-11-30', 'accepted'],
    ['on the day after', '2026-12-01', 'voucher_expired'],
  ])('%s of the campaign', (_name, day, expected) => {
    const { outcome } = spec(voucherConcept)
      .given(claimed)
      .when(ask.RedeemVoucher(), by([till, holder], { day }));
    expect(outcome).toMatchObject(expected === 'accepted' ? [{ type: 'VoucherRedeemed' }] : { refused: expected });
  });

  it('with assistance needs a field worker, not any other key', () => {
    spec(voucherConcept).given(claimed).when(assisted.when, assisted.facts).accepted();
    spec(voucherConcept)
      .given(claimed)
      .when(assisted.when, by([till, till]))
      .thenRefused('consent_missing');
    spec(voucherConcept)
      .given(claimed)
      .when(assisted.when, by([till, holder]))
      .thenRefused('consent_missing');
  });

  it('does not accept the key that a reissue killed, nor its claim again', () => {
    const claimedAgain = [...reissued, event.VoucherClaimed({ holder: newHolder })];
    spec(voucherConcept).given(claimedAgain).when(ask.RedeemVoucher(), facts).thenRefused('consent_missing');
    spec(voucherConcept).given(reissued).when(ask.RedeemVoucher(), facts).thenRefused('voucher_not_claimed');
  });

  it('asks for the campaign, its programme and, identifying, the merchant', () => {
    const state = spec(voucherConcept).given(claimed).state();
    const streams = voucherConcept.needs(ask.RedeemVoucher(), state, { campaign: campaign() });
    expect(streams).toStrictEqual([
      { name: 'campaign', stream: `campaign-${event.VoucherIssued().data.campaign}` },
      { name: 'merchant', stream: `merchant-${merchant}`, identifying: true },
      { name: 'programme', stream: `programme-${programme}` },
    ]);
  });
});

describe('reversal', () => {
  const reversed = (to: 'voucher' | 'fund' | 'recoverable', more: object = {}) => [
    event.RedemptionReversed({ segments: [[32_000, 500]], to, ...more }),
  ];

  it('before payout gives the fen back to the voucher, which can spend them again', () => {
    const after = spec(voucherConcept)
      .given(redeemedOnce)
      .when(ask.ReverseRedemption(), by([till]));
    after.then(reversed('voucher'));
    expect(after.accepted().state()).toMatchObject({ unspent: [[32_000, 8_000]] });
  });

  it('after the last day, or of a cancelled voucher, gives them to the fund', () => {
    const late = by([till], { day: '2026-12-01' });
    spec(voucherConcept).given(redeemedOnce).when(ask.ReverseRedemption(), late).then(reversed('fund'));
    const cancelled = [...redeemedOnce, event.VoucherCancelled()];
    spec(voucherConcept)
      .given(cancelled)
      .when(ask.ReverseRedemption(), by([till]))
      .then(reversed('fund'));
  });

  it.each(['proposed', 'prepared', 'approved', 'held'])('credits the voucher while the settlement is %s', (status) => {
    const settled = { ...by([till]), settlement: fact({ status }) };
    spec(voucherConcept).given(redeemedOnce).when(ask.ReverseRedemption(), settled).then(reversed('voucher'));
  });

  it.each(['instructed', 'paid', 'returned', 'reconciled'])(
    'makes the merchant owe it once the settlement is %s',
    (status) => {
      const settled = { ...by([till]), settlement: fact({ status }) };
      spec(voucherConcept).given(redeemedOnce).when(ask.ReverseRedemption(), settled).then(reversed('recoverable'));
    },
  );

  it('never gives back the same fen twice', () => {
    const twice = [...redeemedOnce, event.RedemptionReversed({ amountMinor: 2_000, segments: [[30_500, 2_000]] })];
    spec(voucherConcept)
      .given(twice)
      .when(ask.ReverseRedemption(), by([till]))
      .accepted();
    spec(voucherConcept)
      .given(twice)
      .when(ask.ReverseRedemption({ amountMinor: 501 }), by([till]))
      .thenRefused('reversal_exceeds_redemption');
  });

  it('may be made by finance at any merchant', () => {
    const finance = by([exampleOfficer('finance', 'finance-li')]);
    spec(voucherConcept).given(redeemedOnce).when(ask.ReverseRedemption(), finance).accepted();
  });

  it('asks for the settlement once a cut-off lies behind the redemption, and never for a prepaid one', () => {
    const state = spec(voucherConcept).given(redeemedOnce).state();
    const names = (have: object, of = state) =>
      voucherConcept.needs(ask.ReverseRedemption(), of, have as Record<string, unknown>).map(({ stream }) => stream);
    const closed = { cutoff: fact({ number: 1, from: 0, to: 701 }) };
    expect(names({ cutoff: fact({ number: 1, from: 0, to: 700 }) })).toHaveLength(2);
    expect(names(closed)).toContain(`settlement?redemption=700&merchant=${merchant}&mode=merchant-funded`);
    const prepaid = { ...event.VoucherRedeemed({ fundingMode: 'prepaid' }), id: redemptionId, position: 700 };
    expect(
      names(
        closed,
        spec(voucherConcept)
          .given([...claimed, prepaid])
          .state(),
      ),
    ).toHaveLength(2);
  });
});

describe('the end of a voucher', () => {
  it('gives back what was unspent', () => {
    spec(voucherConcept).given(redeemedOnce).when(ask.ExpireVoucher(), expiring.facts).then([event.VoucherExpired()]);
    spec(voucherConcept)
      .given(claimed)
      .when(ask.CancelVoucher(), by([zhao]))
      .then([event.VoucherCancelled()]);
  });

  it('happens once', () => {
    const expired = [...redeemedOnce, event.VoucherExpired()];
    spec(voucherConcept).given(expired).when(ask.ExpireVoucher(), expiring.facts).then([]);
    spec(voucherConcept)
      .given(expired)
      .when(ask.CancelVoucher(), by([zhao]))
      .thenRefused('voucher_expired');
    const cancelled = [...claimed, event.VoucherCancelled()];
    spec(voucherConcept)
      .given(cancelled)
      .when(ask.CancelVoucher(), by([zhao]))
      .then([]);
  });

  it('is silent when everything was spent', () => {
    const spent = [...claimed, event.VoucherRedeemed({ amountMinor: 10_000, segments: [[30_000, 10_000]] })];
    spec(voucherConcept).given(spent).when(ask.ExpireVoucher(), expiring.facts).then([]);
  });
});

describe('issue and claim', () => {
  it('of voucher i hold the i-th part of the batch line, once', () => {
    spec(voucherConcept).given([]).when(ask.IssueVoucher(), by([])).then([event.VoucherIssued()]);
    spec(voucherConcept).given(issued).when(ask.IssueVoucher(), by([])).then([]);
  });

  it('by the same holder twice is one claim', () => {
    const claim = ask.ClaimVoucher();
    spec(voucherConcept)
      .given(issued)
      .when(claim, by([worker, holder]))
      .then([event.VoucherClaimed()]);
    spec(voucherConcept)
      .given(claimed)
      .when(claim, by([worker, holder]))
      .then([]);
  });

  it('asks for the stream of the holder’s key as an actor’s, and takes no key of anybody who acts', () => {
    const asked = voucherConcept.needs(claiming.when, spec(voucherConcept).given(reissued).state(), {});
    expect(asked).toContainEqual({ name: 'holderKey', stream: `key-${keyIdOf(newHolder)}` });
    expect(asked).toContainEqual({ name: 'ledger', stream: 'ledger-main' });
    for (const status of ['proposed', 'approved', 'revoked']) {
      const known = { ...claiming.facts, holderKey: fact({ status }) };
      spec(voucherConcept).given(reissued).when(claiming.when, known).thenRefused('holder_key_enrolled');
    }
    const unknown = { ...claiming.facts, holderKey: { ...fact({ status: 'none' }), version: 0 } };
    spec(voucherConcept).given(reissued).when(claiming.when, unknown).accepted();
    const opened = ledgerEventExamples.LedgerOpened();
    const ledger = factOf(ledgerConcept, 'ledger-main', [opened]);
    for (const publicKey of [opened.data.eventKey, opened.data.roots[0]?.publicKey ?? '']) {
      const claim = ask.ClaimVoucher({ holder: publicKey });
      const own = { ...by([worker, exampleHolder(publicKey)]), ledger };
      spec(voucherConcept).given(issued).when(claim, own).thenRefused('holder_key_enrolled');
    }
  });

  it('fold without disclosures', () => {
    const open = redeemedOnce.map(({ type, data }) => ({ type, data, id: redemptionId }) as Given<VoucherEvent>);
    expect(spec(voucherConcept).given(open).state()).toMatchObject({ status: 'claimed', unspent: [[32_500, 7_500]] });
    expect(spec(voucherConcept).given(open).state()).not.toHaveProperty('redemptions.0.merchant');
  });
});
