import * as f from '../kernel/fields.js';
import { defineCommands, type CommandsOf } from '../kernel/table.js';

export const cutoffCommands = defineCommands({
  SetCutoff: {
    about: 'Closes a window for all merchants at a signed tree size.',
    public: { to: f.index },
    signatures: 'one',
    roles: ['service'],
  },
});

export type CutoffCommand = CommandsOf<typeof cutoffCommands>;
