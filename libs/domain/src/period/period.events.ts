import * as f from '../kernel/fields.js';
import { defineEvents, type EventsOf } from '../kernel/table.js';

export const periodEvents = defineEvents({
  PeriodClosed: {
    about:
      'The month is sealed up to a signed tree size; its figures never change. `balancesDigest` is over its trial balance.',
    public: { upTo: f.index, balancesDigest: f.hash, officer: f.officer, secondOfficer: f.officer },
  },
  CorrectionPublished: {
    about: 'A correction with its public reason (更正说明); the event it corrects stays as it is.',
    public: { subject: f.uuid, noteZh: f.note, noteEn: f.note, officer: f.officer },
  },
});

export type PeriodEvent = EventsOf<typeof periodEvents>;
