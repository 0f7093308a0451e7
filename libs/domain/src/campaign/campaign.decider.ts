import type { FundState } from '../fund/fund.state.js';
import type { Concept, Context, RefusalText } from '../kernel/concept.js';
import { isCalendarDay } from '../kernel/days.js';
import { refuse, type Fact, type Recorded, type Refusal } from '../kernel/decider.js';
import { actingOfficer, officerMissing } from '../kernel/signers.js';
import type { OfType } from '../kernel/table.js';
import type { ProgrammeState } from '../programme/programme.decider.js';
import { campaignCommands, type CampaignCommand } from './campaign.commands.js';
import { campaignEvents, type CampaignEvent } from './campaign.events.js';

type Opened = OfType<CampaignEvent, 'CampaignOpened'>['data'];

/** `terms` are those that hold now: an extension moves their last day. */
export type CampaignState =
  { readonly status: 'none' } | ({ readonly status: 'open' | 'closed' } & Omit<Opened, 'officer'>);

export interface CampaignFacts {
  readonly context: Context;
  /** For OpenCampaign. */
  readonly programme?: Fact<ProgrammeState>;
  /** For OpenCampaign. */
  readonly fund?: Fact<FundState>;
}

/** In order of precedence: what exists, who asks, what it belongs to, its days. */
export const campaignRefusals = {
  campaign_exists: { level: 'L1', zh: '该活动已经设立。', en: 'This campaign is open already.' },
  campaign_unknown: { level: 'L1', zh: '没有这个活动。', en: 'There is no such campaign.' },
  campaign_closed: { level: 'L1', zh: '活动已结束。', en: 'The campaign is closed.' },
  officer_missing: officerMissing,
  programme_not_open: { level: 'L1', zh: '项目不存在或已结束。', en: 'The programme does not exist or is closed.' },
  fund_not_open: { level: 'L1', zh: '资金池不存在或已关闭。', en: 'The fund does not exist or is closed.' },
  fund_not_for_campaign: {
    level: 'L1',
    zh: '该资金池不能为此活动出资。',
    en: 'The fund may not pay for this campaign.',
  },
  day_not_in_calendar: { level: 'L1', zh: '日历中没有这一天。', en: 'The calendar has no such day.' },
  last_day_before_first: {
    level: 'L1',
    zh: '最后一天早于第一天。',
    en: 'The last day is earlier than the first.',
  },
  last_day_passed: { level: 'L1', zh: '最后一天已经过去。', en: 'The last day has passed.' },
  last_day_not_later: {
    level: 'L1',
    zh: '新的最后一天必须更晚。',
    en: 'The new last day must be later.',
  },
} as const satisfies Record<string, RefusalText>;

export type CampaignRefusal = keyof typeof campaignRefusals;
type Decision = readonly CampaignEvent[] | Refusal<CampaignRefusal>;

/** A campaign of a programme: the terms of all that is issued under it, and the fund that pays. */
export const campaignConcept = {
  category: 'campaign',
  events: campaignEvents,
  commands: campaignCommands,
  refusals: campaignRefusals,
  decider: { initial: { status: 'none' }, decide: decideCampaign, evolve: evolveCampaign },
  streamOf: (command) => `campaign-${command.data.campaign}`,
  needs: (command) =>
    command.type === 'OpenCampaign'
      ? [
          { name: 'programme', stream: `programme-${command.data.programme}` },
          { name: 'fund', stream: `fund-${command.data.fund}` },
        ]
      : [],
} satisfies Concept<'campaign', CampaignState, CampaignCommand, CampaignFacts, CampaignEvent, CampaignRefusal>;

function decideCampaign(command: CampaignCommand, state: CampaignState, facts: CampaignFacts): Decision {
  if (command.type === 'OpenCampaign')
    return state.status === 'none' ? open(command, facts) : refuse('campaign_exists');
  if (state.status === 'none') return refuse('campaign_unknown');
  const officer = actingOfficer(facts.context);
  if (command.type === 'CloseCampaign') {
    if (state.status === 'closed') return [];
    if (officer === undefined) return refuse('officer_missing');
    return [{ type: 'CampaignClosed', data: { officer } }];
  }
  const { lastDay } = command.data;
  if (state.status === 'closed') return refuse('campaign_closed');
  if (officer === undefined) return refuse('officer_missing');
  if (!isCalendarDay(lastDay)) return refuse('day_not_in_calendar');
  if (state.terms.lastDay < facts.context.day) return refuse('last_day_passed');
  if (lastDay === state.terms.lastDay) return [];
  if (lastDay < state.terms.lastDay) return refuse('last_day_not_later');
  return [{ type: 'CampaignExtended', data: { lastDay, officer } }];
}

function open({ data }: OfType<CampaignCommand, 'OpenCampaign'>, facts: CampaignFacts): Decision {
  const { programme, fund, name, phase, hazard, region, purpose, terms } = data;
  const officer = actingOfficer(facts.context);
  const payer = facts.fund?.state;
  if (officer === undefined) return refuse('officer_missing');
  if (facts.programme?.state.status !== 'open') return refuse('programme_not_open');
  if (payer?.status !== 'open') return refuse('fund_not_open');
  // A campaign fund that has paid already serves the campaign that it paid for, and that is not this new one.
  const isEarmarkedElsewhere = payer.kind === 'campaign' && payer.campaign !== undefined;
  const isOfProgramme = payer.programme === undefined || payer.programme === programme;
  if (payer.kind === 'administration' || isEarmarkedElsewhere || !isOfProgramme) return refuse('fund_not_for_campaign');
  if (!isCalendarDay(terms.firstDay) || !isCalendarDay(terms.lastDay)) return refuse('day_not_in_calendar');
  if (terms.lastDay < terms.firstDay) return refuse('last_day_before_first');
  if (terms.lastDay < facts.context.day) return refuse('last_day_passed');
  return [
    {
      type: 'CampaignOpened',
      data: { programme, fund, name, phase, hazard, region, purpose, terms, officer },
    },
  ];
}

function evolveCampaign(state: CampaignState, event: Recorded<CampaignEvent>): CampaignState {
  if (event.type === 'CampaignOpened') {
    const { officer: _officer, ...campaign } = event.data;
    return state.status === 'none' ? { status: 'open', ...campaign } : state;
  }
  if (state.status === 'none') return state;
  if (event.type === 'CampaignClosed') return { ...state, status: 'closed' };
  return { ...state, terms: { ...state.terms, lastDay: event.data.lastDay } };
}
