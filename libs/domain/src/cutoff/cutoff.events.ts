import * as f from '../kernel/fields.js';
import { defineEvents, type EventsOf } from '../kernel/table.js';

export const cutoffEvents = defineEvents({
  CutoffSet: {
    about:
      'All merchants share it. The window is the leaves from `from` up to, not including, `to`; `to` is a signed tree size.',
    public: { number: f.count, from: f.index, to: f.index },
  },
});

export type CutoffEvent = EventsOf<typeof cutoffEvents>;
