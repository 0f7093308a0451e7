import { exampleUuid } from '../kernel/examples.js';
import type { OfType } from '../kernel/table.js';
import type { CampaignCommand } from './campaign.commands.js';
import type { CampaignEvent } from './campaign.events.js';

export const exampleCampaign = exampleUuid(0x111);

const opening = {
  programme: exampleUuid(0x110),
  fund: exampleUuid(0x102),
  name: '暴雨灾后恢复',
  phase: 'recovery' as const,
  hazard: 'flood',
  region: '440600',
  purpose: 'household-goods',
  terms: {
    firstDay: '2026-11-01',
    lastDay: '2026-11-30',
    fundingMode: 'merchant-funded' as const,
    assistedAllowed: true,
    largestRedemptionMinor: 50_000,
  },
};

type EventData<K extends CampaignEvent['type']> = Partial<OfType<CampaignEvent, K>['data']>;
type CommandData<K extends CampaignCommand['type']> = Partial<OfType<CampaignCommand, K>['data']>;

/** A valid event of each type; fields may be given. */
export const campaignEventExamples = {
  CampaignOpened: (data: EventData<'CampaignOpened'> = {}): OfType<CampaignEvent, 'CampaignOpened'> => ({
    type: 'CampaignOpened',
    data: { ...opening, officer: 'programme-zhao', ...data },
  }),
  CampaignExtended: (data: EventData<'CampaignExtended'> = {}): OfType<CampaignEvent, 'CampaignExtended'> => ({
    type: 'CampaignExtended',
    data: { lastDay: '2026-12-31', officer: 'programme-zhao', ...data },
  }),
  CampaignClosed: (data: EventData<'CampaignClosed'> = {}): OfType<CampaignEvent, 'CampaignClosed'> => ({
    type: 'CampaignClosed',
    data: { officer: 'programme-zhao', ...data },
  }),
};

/** A valid command of each type; fields may be given. */
export const campaignCommandExamples = {
  OpenCampaign: (data: CommandData<'OpenCampaign'> = {}): OfType<CampaignCommand, 'OpenCampaign'> => ({
    type: 'OpenCampaign',
    id: exampleUuid(0x321),
    data: { campaign: exampleCampaign, ...opening, ...data },
  }),
  ExtendCampaign: (data: CommandData<'ExtendCampaign'> = {}): OfType<CampaignCommand, 'ExtendCampaign'> => ({
    type: 'ExtendCampaign',
    id: exampleUuid(0x322),
    data: { campaign: exampleCampaign, lastDay: '2026-12-31', ...data },
  }),
  CloseCampaign: (data: CommandData<'CloseCampaign'> = {}): OfType<CampaignCommand, 'CloseCampaign'> => ({
    type: 'CloseCampaign',
    id: exampleUuid(0x323),
    data: { campaign: exampleCampaign, ...data },
  }),
};
