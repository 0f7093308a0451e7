import * as f from '../kernel/fields.js';
import { defineCommands, type CommandsOf } from '../kernel/table.js';
import { approvalTier, goodsRule } from './programme.events.js';

export const programmeCommands = defineCommands({
  OpenProgramme: {
    about: 'Opens a programme with its limits of approval.',
    public: {
      programme: f.uuid,
      name: f.organisationName,
      approvalTiers: f.listOf(approvalTier, { min: 1, max: 5 }),
    },
    signatures: 'one',
    roles: ['programme'],
  },
  PublishGoodsPolicy: {
    about: 'Publishes the next version of the goods policy.',
    public: {
      programme: f.uuid,
      rules: f.listOf(goodsRule, { min: 0, max: 500 }),
      unknown: f.oneOf('allow', 'deny'),
    },
    signatures: 'one',
    roles: ['programme'],
  },
  CloseProgramme: {
    about: 'Ends the programme.',
    public: { programme: f.uuid },
    signatures: 'one',
    roles: ['programme'],
  },
});

export type ProgrammeCommand = CommandsOf<typeof programmeCommands>;
