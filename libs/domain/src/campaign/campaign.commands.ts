import * as f from '../kernel/fields.js';
import { defineCommands, type CommandsOf } from '../kernel/table.js';
import { phase, voucherTerms } from './campaign.events.js';

export const campaignCommands = defineCommands({
  OpenCampaign: {
    about: 'Opens a campaign of an open programme, paid by a fund that may serve it.',
    public: {
      campaign: f.uuid,
      programme: f.uuid,
      fund: f.uuid,
      name: f.organisationName,
      phase,
      hazard: f.code,
      region: f.region,
      purpose: f.code,
      terms: voucherTerms,
    },
    signatures: 'one',
    roles: ['programme'],
  },
  ExtendCampaign: {
    about: 'Moves the last day of the campaign’s vouchers further out, before it has passed.',
    public: { campaign: f.uuid, lastDay: f.day },
    signatures: 'one',
    roles: ['programme'],
  },
  CloseCampaign: {
    about: 'No further batch.',
    public: { campaign: f.uuid },
    signatures: 'one',
    roles: ['programme'],
  },
});

export type CampaignCommand = CommandsOf<typeof campaignCommands>;
