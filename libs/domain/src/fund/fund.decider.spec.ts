import { describe, expect, it } from '@jest/globals';
import { exampleContext, exampleDevice, exampleOfficer, exampleUuid } from '../kernel/examples.js';
import { testRefusals, type Setup } from '../kernel/refusal-cases.testing.js';
import { factOf, spec } from '../kernel/testing.js';
import type { FundCommand } from './fund.commands.js';
import { fundConcept } from './fund.decider.js';
import type { FundEvent } from './fund.events.js';
import { exampleFunds, fundCommandExamples as ask, fundEventExamples as event } from './fund.examples.js';
import type { CampaignOfFund, DonationOfFund, FundFacts } from './fund.facts.js';
import { LONGEST_LINE_AFTER_INTAKE } from './fund.intake.js';

const programme = exampleUuid(0x110);
const campaign = exampleUuid(0x111);
const otherCampaign = exampleUuid(0x1ff);
const donation = exampleUuid(0x117);
const refund = exampleUuid(0x115);
const li = exampleOfficer('finance', 'finance-li');
const wang = exampleOfficer('finance', 'finance-wang');

const byLi = exampleContext({ signers: [li] });
const policy = exampleContext();

const fundFact = (...events: FundEvent[]) => factOf(fundConcept, 'fund-x', events);
const programmeFact = (status: string) => ({ stream: 'programme-x', version: 1, state: { status } });
const campaignFact = (state: Partial<CampaignOfFund> = {}) => ({
  stream: `campaign-${campaign}`,
  version: 1,
  state: { status: 'open', programme, fund: exampleFunds.campaign, terms: { lastDay: '2026-11-30' }, ...state },
});
const donationFact = (state: Partial<DonationOfFund> = {}) => ({
  stream: `donation-${donation}`,
  version: 1,
  state: {
    status: 'received',
    fund: exampleFunds.general,
    interval: [6_000, 2_000] as [number, number],
    refunds: [],
    ...state,
  },
});
/** Facts whose names hold an id have no other type than the index of `FundFacts`. */
const having = (facts: object): FundFacts => ({ context: byLi, ...facts });
const setup = (
  given: readonly FundEvent[],
  when: FundCommand,
  facts: object = {},
): Setup<FundCommand, FundFacts, FundEvent> => ({
  given,
  when,
  facts: having(facts),
});

const paidBy = (...funds: string[]) => ({ refund, funds });

const general = [event.FundOpened({ programme }), event.IntakeReceived()];
const administration = [event.FundOpened({ kind: 'administration' }), event.FeeReceived()];
const campaignFund = [event.FundOpened({ kind: 'campaign', programme }), event.TransferReceived()];
const administrationFact = fundFact(...administration);
const targetFact = fundFact(...campaignFund);
const toFund = (id: string) => `toFund:${id}` as const;

const opening = setup([], ask.OpenFund(), {
  programme: programmeFact('open'),
  administrationFund: administrationFact,
});
const intake = setup(general, ask.RecordIntake());
const sending = setup(general, ask.SendTransfer(), { [toFund(exampleFunds.campaign)]: targetFact });
const funding = setup(general, ask.FundBatch(), { context: policy, campaign: campaignFact() });
const spending = setup(administration, ask.SpendAdministration(), {
  context: exampleContext({ signers: [li, wang] }),
});
const reserving = setup(general, ask.ReserveRefund(), { donation: donationFact() });
/** Positions are places in the list: the reservation is event 2. */
const withdrawn = donationFact({ withdrawnAt: general.length + 1 });
const releasing = setup([...general, event.RefundReserved()], ask.ReleaseRefund(), { donation: withdrawn });
const receiving = setup(campaignFund, ask.ReceiveTransfer(), { context: policy });
const returning = setup([...general, event.BatchFunded()], ask.ReturnFunds(), { context: policy });
const spentOut = [
  event.FundOpened({ programme }),
  event.IntakeReceived(),
  event.TransferSent({ toFund: exampleFunds.campaign }),
  event.BatchFunded({ amountMinor: 4_000, segments: [[4_000, 4_000]] }),
  event.RefundReserved({ segments: [[8_000, 2_000]] }),
];
const closing = setup(spentOut, ask.CloseFund(), {
  context: exampleContext({ signers: [li], day: '2026-12-02' }),
  [toFund(exampleFunds.campaign)]: targetFact,
  [`campaign:${campaign}`]: campaignFact(),
  [`donation:${donation}`]: donationFact({ refunds: [paidBy(exampleFunds.general)] }),
});

testRefusals(fundConcept, {
  fund_exists: { of: opening, change: { given: general } },
  fund_unknown: { of: intake, change: { given: [] }, notWith: ['administration_takes_fees_only'] },
  fund_closed: { of: reserving, change: { also: [event.FundClosed()] } },
  officer_missing: {
    of: spending,
    change: { context: { signers: [exampleDevice('finance'), exampleDevice('finance')] } },
  },
  second_officer_missing: { of: spending, change: { context: { signers: [li, li] } } },
  administration_has_no_fee: {
    of: opening,
    change: { data: { kind: 'administration' } },
    notWith: ['programme_missing'],
  },
  programme_missing: {
    of: opening,
    change: { data: { kind: 'campaign', programme: undefined } },
    notWith: ['programme_not_open'],
  },
  programme_not_open: { of: opening, change: { facts: { programme: programmeFact('closed') } } },
  fee_too_high: { of: opening, change: { data: { feeBasisPoints: 10_000 } } },
  administration_fund_missing: {
    of: opening,
    change: { data: { administrationFund: undefined } },
    notWith: ['not_an_administration_fund'],
  },
  not_an_administration_fund: { of: opening, change: { facts: { administrationFund: targetFact } } },
  administration_takes_fees_only: { of: intake, change: { given: administration } },
  same_fund: { of: sending, change: { data: { toFund: exampleFunds.general } } },
  target_unknown: {
    of: sending,
    change: { facts: { [toFund(exampleFunds.campaign)]: fundFact() } },
    notWith: ['target_is_administration'],
  },
  target_is_administration: { of: sending, change: { facts: { [toFund(exampleFunds.campaign)]: administrationFact } } },
  target_closed: {
    of: sending,
    change: { facts: { [toFund(exampleFunds.campaign)]: fundFact(...campaignFund, event.FundClosed()) } },
  },
  administration_stays: { of: sending, change: { given: administration } },
  not_administration: { of: spending, change: { given: general } },
  campaign_unknown: { of: funding, change: { facts: { campaign: undefined } }, notWith: ['earmarked'] },
  earmarked: { of: funding, change: { facts: { campaign: campaignFact({ programme: exampleUuid(9) }) } } },
  line_full: { of: intake, change: { data: { totalMinor: LONGEST_LINE_AFTER_INTAKE } } },
  segments_not_normal: {
    of: reserving,
    change: {
      data: {
        segments: [
          [7_000, 100],
          [6_000, 100],
        ],
      },
    },
  },
  refund_exists: { of: reserving, change: { also: [event.RefundReserved()] } },
  donation_unknown: { of: reserving, change: { facts: { donation: undefined } }, notWith: ['not_of_this_donation'] },
  not_of_this_donation: { of: reserving, change: { data: { segments: [[5_999, 100]] } } },
  not_free: { of: reserving, change: { also: [event.BatchFunded({ amountMinor: 7_000, segments: [[0, 7_000]] })] } },
  reservation_unknown: { of: releasing, change: { given: general } },
  already_refunded: {
    of: releasing,
    change: { facts: { donation: donationFact({ refunds: [paidBy(exampleFunds.general)] }) } },
    notWith: ['refund_not_withdrawn'],
  },
  refund_not_withdrawn: { of: releasing, change: { facts: { donation: donationFact() } } },
  insufficient_funds: { of: funding, change: { data: { totalMinor: 10_001 } } },
  more_than_committed: { of: returning, change: { data: { segments: [[0, 5_001]] } } },
  amounts_differ: { of: receiving, change: { data: { amountMinor: 1 } } },
  fund_not_empty: { of: closing, change: { also: [event.FeeReceived({ interval: [10_000, 300] })] } },
  refund_pending: { of: closing, change: { facts: { [`donation:${donation}`]: donationFact() } } },
  transfer_in_transit: {
    of: closing,
    change: { facts: { [toFund(exampleFunds.campaign)]: fundFact(event.FundOpened()) } },
  },
  vouchers_outstanding: { of: closing, change: { context: { day: '2026-12-01' } } },
});

describe('intake', () => {
  it('splits the fee off and appends the net at the end of the line', () => {
    const terms = { feeBasisPoints: 300, administrationFund: exampleFunds.administration };
    spec(fundConcept)
      .given([event.FundOpened(terms), event.IntakeReceived({ interval: [0, 9_700] })])
      .when(ask.RecordIntake({ totalMinor: 10_001 }), { context: policy })
      .then([
        {
          type: 'IntakeReceived',
          data: {
            intake: ask.RecordIntake().id,
            count: 3,
            grossMinor: 10_001,
            feeMinor: 300,
            ...terms,
            interval: [9_700, 9_701],
            rowsRoot: ask.RecordIntake().data.rowsRoot,
          },
          private: ask.RecordIntake().private,
        },
      ]);
  });

  it('keeps the free list of a line without holes at one segment, however many intakes there are', () => {
    const intakes = Array.from({ length: 50 }, (_, i) => event.IntakeReceived({ interval: [i * 10, 10] }));
    expect(
      spec(fundConcept)
        .given([event.FundOpened(), ...intakes])
        .state(),
    ).toMatchObject({
      free: [[0, 500]],
      freeMinor: 500,
      lengthMinor: 500,
    });
  });
});

describe('batches', () => {
  const holes = Array.from({ length: 1_201 }, (_, i) =>
    event.RefundReserved({ refund: exampleUuid(0x900 + i), amountMinor: 1, segments: [[i * 2 + 1, 1]] }),
  );

  it('take the leftmost free fen, at most 500 segments in a part, and map them in order onto the batch line', () => {
    const { outcome } = spec(fundConcept)
      .given([event.FundOpened(), event.IntakeReceived(), ...holes])
      .when(ask.FundBatch({ totalMinor: 1_200 }), { context: policy, campaign: campaignFact() });
    const parts = outcome as Extract<FundEvent, { type: 'BatchFunded' }>[];
    expect(
      parts.map(({ data }) => [data.part, data.parts, data.offset, data.amountMinor, data.segments.length]),
    ).toStrictEqual([
      [1, 3, 0, 500, 500],
      [2, 3, 500, 500, 500],
      [3, 3, 1_000, 200, 200],
    ]);
    expect(parts[1]?.data.segments[0]).toStrictEqual([1_000, 1]);
  });

  it('are funded once', () => {
    spec(fundConcept)
      .given([...general, event.BatchFunded()])
      .when(ask.FundBatch(), { context: policy, campaign: campaignFact() })
      .then([]);
  });

  it('give back what expired, at new addresses at the end of the line', () => {
    const state = spec(fundConcept)
      .given([...general, event.BatchFunded()])
      .when(ask.ReturnFunds(), { context: policy })
      .accepted()
      .state();
    expect(state).toMatchObject({
      lengthMinor: 10_700,
      free: [[5_000, 5_700]],
      committedMinor: 4_300,
      readdressedMinor: 700,
    });
  });

  it('are forgotten when nothing of them is left', () => {
    const state = spec(fundConcept)
      .given([
        ...general,
        event.BatchFunded(),
        event.FundsReturned({ amountMinor: 5_000, segments: [[0, 5_000]], interval: [10_000, 5_000] }),
      ])
      .state();
    expect(state).toMatchObject({ committed: {}, committedMinor: 0, freeMinor: 10_000 });
  });
});

describe('earmarks', () => {
  const campaignFunding = ask.FundBatch({ fund: exampleFunds.campaign, totalMinor: 100 });

  it('let a campaign fund pay for its campaign', () => {
    spec(fundConcept)
      .given(campaignFund)
      .when(campaignFunding, { context: policy, campaign: campaignFact() })
      .accepted();
  });

  it('keep a campaign fund from paying for a campaign that another fund serves', () => {
    const campaignElsewhere = campaignFact({ fund: exampleFunds.general });
    spec(fundConcept)
      .given(campaignFund)
      .when(campaignFunding, { context: policy, campaign: campaignElsewhere })
      .thenRefused('earmarked');
  });

  it('keep a campaign fund from paying for a second campaign', () => {
    spec(fundConcept)
      .given([
        ...campaignFund,
        event.BatchFunded({ batch: exampleUuid(8), campaign: otherCampaign, amountMinor: 10, segments: [[0, 10]] }),
      ])
      .when(campaignFunding, { context: policy, campaign: campaignFact() })
      .thenRefused('earmarked');
  });

  it.each([
    ['general to general of the same programme', general, fundFact(event.FundOpened({ programme })), true],
    [
      'general to a fund of another programme',
      general,
      fundFact(event.FundOpened({ programme: exampleUuid(5) })),
      false,
    ],
    ['general to a fund of no programme', general, fundFact(event.FundOpened()), false],
    ['general of no programme to any', [event.FundOpened(), event.IntakeReceived()], targetFact, true],
    [
      'a campaign fund while its campaign is open',
      [...campaignFund, event.BatchFunded({ amountMinor: 10, segments: [[0, 10]] })],
      fundFact(event.FundOpened({ programme })),
      false,
    ],
  ])('transfer: %s', (_name, given, target, allowed) => {
    const { outcome } = spec(fundConcept)
      .given(given)
      .when(
        ask.SendTransfer({ amountMinor: 1 }),
        having({ [toFund(exampleFunds.campaign)]: target, campaign: campaignFact() }),
      );
    expect(outcome).toMatchObject(allowed ? [{ type: 'TransferSent' }] : { refused: 'earmarked' });
  });

  it('let what a closed campaign left over go to the general fund of its programme, and nowhere else', () => {
    const given = [...campaignFund, event.BatchFunded({ amountMinor: 10, segments: [[0, 10]] })];
    const command = ask.SendTransfer({ fund: exampleFunds.campaign, toFund: exampleFunds.general, amountMinor: 1 });
    const closed = having({ campaign: campaignFact({ status: 'closed' }) });
    const toGeneral = having({ ...closed, [toFund(exampleFunds.general)]: fundFact(event.FundOpened({ programme })) });
    spec(fundConcept).given(given).when(command, toGeneral).accepted();
    spec(fundConcept)
      .given(given)
      .when(command, having({ ...closed, [toFund(exampleFunds.general)]: targetFact }))
      .thenRefused('earmarked');
  });
});

describe('a closed fund', () => {
  const closed = [...campaignFund, event.FundClosed()];

  it('still takes in what was under way, and may send it on', () => {
    const late = spec(fundConcept)
      .given([event.FundOpened(), event.FundClosed()])
      .when(ask.ReceiveTransfer(), { context: policy })
      .accepted();
    late.when(ask.SendTransfer(), having({ [toFund(exampleFunds.campaign)]: targetFact })).accepted();
  });

  it('takes in what a merchant owed when it closed', () => {
    const committed = [...campaignFund, event.BatchFunded(), event.FundClosed()];
    spec(fundConcept).given(committed).when(ask.RecoverFunds(), { context: policy }).accepted();
  });

  it('is closed once', () => {
    spec(fundConcept).given(closed).when(ask.CloseFund(), { context: byLi }).then([]);
  });
});

describe('refunds', () => {
  it('set free segments aside and give them back', () => {
    const reserved = spec(fundConcept)
      .given(general)
      .when(ask.ReserveRefund(), { context: byLi, donation: donationFact() })
      .accepted();
    expect(reserved.state()).toMatchObject({
      free: [
        [0, 6_000],
        [8_000, 2_000],
      ],
      reservedMinor: 2_000,
    });
    const released = reserved.when(ask.ReleaseRefund(), { context: byLi, donation: withdrawn }).accepted();
    expect(released.state()).toMatchObject({ free: [[0, 10_000]], freeMinor: 10_000, reservedMinor: 0, reserved: {} });
  });

  it('are released when the donation has withdrawn them since, and not for what it withdrew before', () => {
    const reserved = spec(fundConcept).given([...general, event.RefundReserved()]);
    const before = donationFact({ withdrawnAt: general.length - 1 });
    reserved.when(ask.ReleaseRefund(), { context: byLi, donation: before }).thenRefused('refund_not_withdrawn');
    reserved.when(ask.ReleaseRefund(), { context: byLi, donation: withdrawn }).then([event.RefundReleased()]);
  });

  it('are released by the funds that were left out when the donor was paid', () => {
    const others = donationFact({ refunds: [paidBy(exampleFunds.campaign)] });
    const reserved = spec(fundConcept).given([...general, event.RefundReserved()]);
    reserved.when(ask.ReleaseRefund(), { context: byLi, donation: others }).then([event.RefundReleased()]);
  });

  it('are not reserved under the name of one that is paid', () => {
    const paid = donationFact({ refunds: [paidBy(exampleFunds.campaign)] });
    spec(fundConcept)
      .given(general)
      .when(ask.ReserveRefund(), { context: byLi, donation: paid })
      .thenRefused('already_refunded');
  });

  it('that were left out when the donor was paid keep their fund open', () => {
    const facts = { ...closing.facts, [`donation:${donation}`]: donationFact({ refunds: [paidBy('another')] }) };
    spec(fundConcept).given(spentOut).when(ask.CloseFund(), facts).thenRefused('refund_pending');
  });

  it('of money that lies on another line are bounded by the gift', () => {
    const elsewhere = donationFact({ fund: exampleFunds.campaign });
    const asking = (length: number) => ask.ReserveRefund({ segments: [[0, length]] });
    spec(fundConcept).given(general).when(asking(2_000), { context: byLi, donation: elsewhere }).accepted();
    spec(fundConcept)
      .given(general)
      .when(asking(2_001), { context: byLi, donation: elsewhere })
      .thenRefused('not_of_this_donation');
  });
});

describe('needs', () => {
  it('of closing are every fund that was sent money, every campaign and, identifying, every donation with a reservation', () => {
    const state = spec(fundConcept).given(spentOut).state();
    expect(fundConcept.needs(ask.CloseFund(), state)).toStrictEqual([
      { name: toFund(exampleFunds.campaign), stream: `fund-${exampleFunds.campaign}` },
      { name: `campaign:${campaign}`, stream: `campaign-${campaign}` },
      { name: `donation:${donation}`, stream: `donation-${donation}`, identifying: true },
    ]);
  });
});

describe('the sum of the states', () => {
  it('is the length of the line, with and without disclosures', () => {
    const life: FundEvent[] = [
      ...spentOut,
      event.FundsReturned(),
      event.FundsRecovered({ interval: [10_700, 100] }),
      event.RefundReleased({ segments: [[8_000, 2_000]] }),
    ];
    for (const events of [life, life.map(({ type, data }) => ({ type, data }) as FundEvent)]) {
      const state = spec(fundConcept).given(events).state();
      if (state.status === 'none') throw new Error('The fund is open.');
      const { freeMinor, sentMinor, committedMinor, readdressedMinor, reservedMinor, spentMinor, lengthMinor } = state;
      expect(freeMinor + sentMinor + committedMinor + readdressedMinor + reservedMinor + spentMinor).toBe(lengthMinor);
      expect(state.free.reduce((sum, [, length]) => sum + length, 0)).toBe(freeMinor);
    }
  });
});
