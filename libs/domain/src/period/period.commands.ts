import * as f from '../kernel/fields.js';
import { defineCommands, type CommandsOf } from '../kernel/table.js';

export const periodCommands = defineCommands({
  ClosePeriod: {
    about: 'Seals a month; two officers sign.',
    public: { period: f.month, upTo: f.index, balancesDigest: f.hash },
    signatures: 'two',
    roles: ['finance'],
  },
  PublishCorrection: {
    about: 'Publishes a correction with its reason.',
    public: { period: f.month, subject: f.uuid, noteZh: f.note, noteEn: f.note },
    signatures: 'one',
    roles: ['finance', 'programme'],
  },
});

export type PeriodCommand = CommandsOf<typeof periodCommands>;
