import { exampleUuid } from '../kernel/examples.js';
import type { CutoffCommand } from './cutoff.commands.js';
import type { CutoffEvent } from './cutoff.events.js';

export const cutoffEventExamples = {
  CutoffSet: (data: Partial<CutoffEvent['data']> = {}): CutoffEvent => ({
    type: 'CutoffSet',
    data: { number: 1, from: 0, to: 500, ...data },
  }),
};

export const cutoffCommandExamples = {
  SetCutoff: (data: Partial<CutoffCommand['data']> = {}): CutoffCommand => ({
    type: 'SetCutoff',
    id: exampleUuid(0x201),
    data: { to: 900, ...data },
  }),
};
