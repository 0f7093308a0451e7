import * as f from '../kernel/fields.js';
import { defineCommands, type CommandsOf } from '../kernel/table.js';

export const calendarCommands = defineCommands({
  StartDay: {
    about: 'Starts a local day, later than every day started before.',
    public: { day: f.day },
    signatures: 'one',
    roles: ['service'],
  },
});

export type CalendarCommand = CommandsOf<typeof calendarCommands>;
