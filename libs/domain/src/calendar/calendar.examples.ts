import { exampleUuid } from '../kernel/examples.js';
import type { CalendarCommand } from './calendar.commands.js';
import type { CalendarEvent } from './calendar.events.js';

export const calendarEventExamples = {
  DayStarted: (data: Partial<CalendarEvent['data']> = {}): CalendarEvent => ({
    type: 'DayStarted',
    data: { day: '2026-11-02', ...data },
  }),
};

export const calendarCommandExamples = {
  StartDay: (data: Partial<CalendarCommand['data']> = {}): CalendarCommand => ({
    type: 'StartDay',
    id: exampleUuid(0x351),
    data: { day: '2026-11-03', ...data },
  }),
};
