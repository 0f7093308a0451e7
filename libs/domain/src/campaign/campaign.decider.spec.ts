import { describe, expect, it } from '@jest/globals';
import { fundConcept } from '../fund/fund.decider.js';
import { fundEventExamples as fundEvent } from '../fund/fund.examples.js';
import { exampleContext, exampleDevice, exampleOfficer, exampleUuid } from '../kernel/examples.js';
import { testRefusals } from '../kernel/refusal-cases.testing.js';
import { factOf, spec } from '../kernel/testing.js';
import { programmeConcept } from '../programme/programme.decider.js';
import { exampleProgramme, programmeEventExamples as programmeEvent } from '../programme/programme.examples.js';
import { campaignConcept } from './campaign.decider.js';
import { campaignCommandExamples as ask, campaignEventExamples as event } from './campaign.examples.js';

const context = exampleContext({ signers: [exampleOfficer('programme', 'programme-zhao')] });
const programme = factOf(programmeConcept, 'programme-x', [programmeEvent.ProgrammeOpened()]);
const fundOf = (data: Parameters<typeof fundEvent.FundOpened>[0]) =>
  factOf(fundConcept, 'fund-x', [fundEvent.FundOpened(data)]);
const fund = fundOf({ kind: 'campaign', programme: exampleProgramme });
const facts = { context, programme, fund };
const { terms } = ask.OpenCampaign().data;

const opening = { given: [], when: ask.OpenCampaign(), facts };
const extending = { given: [event.CampaignOpened()], when: ask.ExtendCampaign(), facts };

testRefusals(campaignConcept, {
  campaign_exists: { of: opening, change: { given: [event.CampaignOpened()] } },
  campaign_unknown: { of: extending, change: { given: [] }, notWith: ['campaign_closed'] },
  campaign_closed: { of: extending, change: { also: [event.CampaignClosed()] } },
  officer_missing: { of: opening, change: { context: { signers: [exampleDevice('programme')] } } },
  programme_not_open: { of: opening, change: { facts: { programme: factOf(programmeConcept, 'programme-x', []) } } },
  fund_not_open: { of: opening, change: { facts: { fund: factOf(fundConcept, 'fund-x', []) } } },
  fund_not_for_campaign: { of: opening, change: { facts: { fund: fundOf({ kind: 'administration' }) } } },
  day_not_in_calendar: {
    of: opening,
    change: { data: { terms: { ...terms, firstDay: '2026-02-31' } } },
    notWith: ['last_day_before_first'],
  },
  last_day_before_first: {
    of: opening,
    change: { data: { terms: { ...terms, firstDay: '2026-12-01' } } },
  },
  last_day_passed: { of: opening, change: { context: { day: '2026-12-01' } } },
  last_day_not_later: { of: extending, change: { data: { lastDay: '2026-11-29' } } },
});

describe('a campaign', () => {
  it('opens in an open programme', () => {
    spec(campaignConcept).given([]).when(ask.OpenCampaign(), facts).then([event.CampaignOpened()]);
  });

  it('asks for its programme and its fund', () => {
    expect(campaignConcept.needs(ask.OpenCampaign())).toStrictEqual([
      { name: 'programme', stream: `programme-${exampleProgramme}` },
      { name: 'fund', stream: `fund-${exampleUuid(0x102)}` },
    ]);
  });

  it.each([
    ['a general fund of its programme', fundOf({ programme: exampleProgramme })],
    ['a general fund of no programme', fundOf({})],
  ])('may be paid by %s', (_what, payer) => {
    spec(campaignConcept)
      .given([])
      .when(ask.OpenCampaign(), { ...facts, fund: payer })
      .then([event.CampaignOpened()]);
  });

  it.each([
    ['of another programme', fundOf({ programme: exampleUuid(0x999) })],
    [
      'that serves another campaign',
      factOf(fundConcept, 'fund-x', [
        fundEvent.FundOpened({ kind: 'campaign', programme: exampleProgramme }),
        fundEvent.BatchFunded({ campaign: exampleUuid(0x998) }),
      ]),
    ],
  ])('may not be paid by a fund %s', (_what, payer) => {
    spec(campaignConcept)
      .given([])
      .when(ask.OpenCampaign(), { ...facts, fund: payer })
      .thenRefused('fund_not_for_campaign');
  });

  it('is extended up to the end of its last day, not after', () => {
    const on = (day: string) => ({ ...facts, context: { ...context, day } });
    const given = spec(campaignConcept).given([event.CampaignOpened()]);
    const extended = given.when(ask.ExtendCampaign(), on('2026-11-30'));
    extended.then([event.CampaignExtended()]);
    expect(extended.accepted().state()).toMatchObject({ terms: { ...terms, lastDay: '2026-12-31' } });
    extended.accepted().when(ask.ExtendCampaign(), on('2026-12-01')).then([]);
    given.when(ask.ExtendCampaign(), on('2026-12-01')).thenRefused('last_day_passed');
  });

  it('closes once and keeps its terms', () => {
    const closed = spec(campaignConcept).given([event.CampaignOpened()]).when(ask.CloseCampaign(), facts);
    closed.then([event.CampaignClosed()]);
    expect(closed.accepted().state()).toMatchObject({ status: 'closed', terms });
    closed.accepted().when(ask.CloseCampaign(), facts).then([]);
  });
});
