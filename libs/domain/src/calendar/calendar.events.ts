import * as f from '../kernel/fields.js';
import { defineEvents, type EventsOf } from '../kernel/table.js';

export const calendarEvents = defineEvents({
  DayStarted: {
    about: 'A local day began. Expiry, hold windows and cut-offs follow from it; nothing reads a clock.',
    public: { day: f.day },
  },
});

export type CalendarEvent = EventsOf<typeof calendarEvents>;
