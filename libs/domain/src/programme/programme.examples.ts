import { exampleUuid } from '../kernel/examples.js';
import type { OfType } from '../kernel/table.js';
import type { ProgrammeCommand } from './programme.commands.js';
import type { ProgrammeEvent } from './programme.events.js';

export const exampleProgramme = exampleUuid(0x110);

const opening = {
  name: '暴雨赈济项目',
  approvalTiers: [{ uptoMinor: 1_000_000, approvals: 1 }, { uptoMinor: 100_000_000, approvals: 2 }, { approvals: 3 }],
};
const policy = {
  rules: [
    { category: 'staple-food', verdict: 'allow' as const },
    { category: 'tobacco', verdict: 'deny' as const },
  ],
  unknown: 'deny' as const,
};

type EventData<K extends ProgrammeEvent['type']> = Partial<OfType<ProgrammeEvent, K>['data']>;
type CommandData<K extends ProgrammeCommand['type']> = Partial<OfType<ProgrammeCommand, K>['data']>;

/** A valid event of each type; fields may be given. */
export const programmeEventExamples = {
  ProgrammeOpened: (data: EventData<'ProgrammeOpened'> = {}): OfType<ProgrammeEvent, 'ProgrammeOpened'> => ({
    type: 'ProgrammeOpened',
    data: { ...opening, officer: 'programme-zhao', ...data },
  }),
  GoodsPolicyPublished: (
    data: EventData<'GoodsPolicyPublished'> = {},
  ): OfType<ProgrammeEvent, 'GoodsPolicyPublished'> => ({
    type: 'GoodsPolicyPublished',
    data: { policyVersion: 1, ...policy, officer: 'programme-zhao', ...data },
  }),
  ProgrammeClosed: (data: EventData<'ProgrammeClosed'> = {}): OfType<ProgrammeEvent, 'ProgrammeClosed'> => ({
    type: 'ProgrammeClosed',
    data: { officer: 'programme-zhao', ...data },
  }),
};

/** A valid command of each type; fields may be given. */
export const programmeCommandExamples = {
  OpenProgramme: (data: CommandData<'OpenProgramme'> = {}): OfType<ProgrammeCommand, 'OpenProgramme'> => ({
    type: 'OpenProgramme',
    id: exampleUuid(0x301),
    data: { programme: exampleProgramme, ...opening, ...data },
  }),
  PublishGoodsPolicy: (
    data: CommandData<'PublishGoodsPolicy'> = {},
  ): OfType<ProgrammeCommand, 'PublishGoodsPolicy'> => ({
    type: 'PublishGoodsPolicy',
    id: exampleUuid(0x302),
    data: { programme: exampleProgramme, ...policy, ...data },
  }),
  CloseProgramme: (data: CommandData<'CloseProgramme'> = {}): OfType<ProgrammeCommand, 'CloseProgramme'> => ({
    type: 'CloseProgramme',
    id: exampleUuid(0x303),
    data: { programme: exampleProgramme, ...data },
  }),
};
