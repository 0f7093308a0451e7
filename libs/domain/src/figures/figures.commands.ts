import * as f from '../kernel/fields.js';
import { defineCommands, type CommandsOf } from '../kernel/table.js';

export const figuresCommands = defineCommands({
  CutFigures: {
    about: 'Marks how far the next public figures count: exactly the leaves before the one that follows from this.',
    public: {},
    signatures: 'one',
    roles: ['service'],
  },
  PublishFigures: {
    about: 'Commits the ledger to the public figures of the latest cut: their digest cannot be taken back.',
    public: {
      cut: f.index,
      digest: f.hash,
      disclosedDigest: f.optional(f.hash),
    },
    signatures: 'one',
    roles: ['service'],
  },
});

export type FiguresCommand = CommandsOf<typeof figuresCommands>;
