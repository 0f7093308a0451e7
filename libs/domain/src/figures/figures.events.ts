import * as f from '../kernel/fields.js';
import { defineEvents, type EventsOf } from '../kernel/table.js';

export const figuresEvents = defineEvents({
  FiguresCut: {
    about:
      'The leaves before this one are what the next public figures count. Whoever folds the log computes them here, and ' +
      'what was held back until now and may be told is released here, whether or not it is published.',
    public: {},
  },
  FiguresPublished: {
    about:
      'The public figures of the cut at leaf `cut`. `digest` is the SHA-256 of their document, which anybody can compute ' +
      'from the public leaves; `disclosedDigest` that of the second document, for which disclosures are needed.',
    public: {
      cut: f.index,
      digest: f.hash,
      disclosedDigest: f.optional(f.hash),
    },
  },
});

export type FiguresEvent = EventsOf<typeof figuresEvents>;
