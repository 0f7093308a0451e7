import { exampleBase64, exampleUuid } from '../kernel/examples.js';
import type { OfType } from '../kernel/table.js';
import type { PeriodCommand } from './period.commands.js';
import type { PeriodEvent } from './period.events.js';

const examplePeriod = '2026-10';

const sealed = { upTo: 900, balancesDigest: exampleBase64(20) };
const correction = {
  subject: exampleUuid(0x120),
  noteZh: '活动地区编码录入有误，应为440606。',
  noteEn: 'The region code of the campaign was entered wrongly; it is 440606.',
};

type EventData<K extends PeriodEvent['type']> = Partial<OfType<PeriodEvent, K>['data']>;
type CommandData<K extends PeriodCommand['type']> = Partial<OfType<PeriodCommand, K>['data']>;

/** A valid event of each type; fields may be given. */
export const periodEventExamples = {
  PeriodClosed: (data: EventData<'PeriodClosed'> = {}): OfType<PeriodEvent, 'PeriodClosed'> => ({
    type: 'PeriodClosed',
    data: { ...sealed, officer: 'finance-li', secondOfficer: 'finance-wang', ...data },
  }),
  CorrectionPublished: (data: EventData<'CorrectionPublished'> = {}): OfType<PeriodEvent, 'CorrectionPublished'> => ({
    type: 'CorrectionPublished',
    data: { ...correction, officer: 'finance-li', ...data },
  }),
};

/** A valid command of each type; fields may be given. */
export const periodCommandExamples = {
  ClosePeriod: (data: CommandData<'ClosePeriod'> = {}): OfType<PeriodCommand, 'ClosePeriod'> => ({
    type: 'ClosePeriod',
    id: exampleUuid(0x361),
    data: { period: examplePeriod, ...sealed, ...data },
  }),
  PublishCorrection: (data: CommandData<'PublishCorrection'> = {}): OfType<PeriodCommand, 'PublishCorrection'> => ({
    type: 'PublishCorrection',
    id: exampleUuid(0x362),
    data: { period: examplePeriod, ...correction, ...data },
  }),
};
