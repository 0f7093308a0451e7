import type { Concept, Context, RefusalText } from '../kernel/concept.js';
import { isCalendarDay } from '../kernel/days.js';
import { refuse, type Recorded, type Refusal } from '../kernel/decider.js';
import { calendarCommands, type CalendarCommand } from './calendar.commands.js';
import { calendarEvents, type CalendarEvent } from './calendar.events.js';

/** `none`: it is still the opening day of the ledger. */
export type CalendarState =
  | { readonly status: 'none' }
  | {
      readonly status: 'running';
      readonly day: string;
      /** Leaf index of the latest DayStarted. */
      readonly position: number;
      /** Leaf index of the one before; a command's anchor must be larger, which bounds backdating. */
      readonly previousPosition?: number;
    };

export interface CalendarFacts {
  readonly context: Context;
}

/** In order of precedence. */
export const calendarRefusals = {
  day_not_in_calendar: { level: 'L1', zh: '日历中没有这一天。', en: 'The calendar has no such day.' },
  day_not_later: { level: 'L1', zh: '新的一天必须晚于当前日。', en: 'A new day must be later than the present one.' },
} as const satisfies Record<string, RefusalText>;

export type CalendarRefusal = keyof typeof calendarRefusals;

/** The ledger's days. A day may be left out (nobody was there to start it); none comes twice. */
export const calendarConcept = {
  category: 'calendar',
  events: calendarEvents,
  commands: calendarCommands,
  refusals: calendarRefusals,
  decider: { initial: { status: 'none' }, decide: decideCalendar, evolve: evolveCalendar },
  streamOf: () => 'calendar-main',
  needs: () => [],
} satisfies Concept<'calendar', CalendarState, CalendarCommand, CalendarFacts, CalendarEvent, CalendarRefusal>;

function decideCalendar(
  command: CalendarCommand,
  state: CalendarState,
  { context }: CalendarFacts,
): readonly CalendarEvent[] | Refusal<CalendarRefusal> {
  const { day } = command.data;
  const present = state.status === 'none' ? context.day : state.day;
  if (!isCalendarDay(day)) return refuse('day_not_in_calendar');
  if (day <= present) return refuse('day_not_later');
  return [{ type: 'DayStarted', data: { day } }];
}

function evolveCalendar(state: CalendarState, { data, position }: Recorded<CalendarEvent>): CalendarState {
  return {
    status: 'running',
    day: data.day,
    position,
    ...(state.status === 'none' ? {} : { previousPosition: state.position }),
  };
}
