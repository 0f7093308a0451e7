import { exampleBase64, exampleUuid } from '../kernel/examples.js';
import type { OfType } from '../kernel/table.js';
import type { BatchCommand } from './batch.commands.js';
import type { BatchEvent } from './batch.events.js';

const exampleBatch = exampleUuid(0x112);

const terms = {
  campaign: exampleUuid(0x111),
  fund: exampleUuid(0x102),
  count: 100,
  faceMinor: 20_000,
  totalMinor: 2_000_000,
  rosterRoot: exampleBase64(12),
};
const disclosed = { partner: exampleUuid(0x11a), communities: ['北滘社区'] };

type EventData<K extends BatchEvent['type']> = Partial<OfType<BatchEvent, K>['data']>;
type CommandData<K extends BatchCommand['type']> = Partial<OfType<BatchCommand, K>['data']>;

/** A valid event of each type; fields may be given. */
export const batchEventExamples = {
  BatchDrafted: (data: EventData<'BatchDrafted'> = {}): OfType<BatchEvent, 'BatchDrafted'> => ({
    type: 'BatchDrafted',
    data: { ...terms, officer: 'registrar-chen', ...data },
    private: disclosed,
  }),
  BatchApproved: (data: EventData<'BatchApproved'> = {}): OfType<BatchEvent, 'BatchApproved'> => ({
    type: 'BatchApproved',
    data: { ...terms, officer: 'programme-zhao', approval: 1, approvals: 2, ...data },
  }),
  BatchRejected: (data: EventData<'BatchRejected'> = {}): OfType<BatchEvent, 'BatchRejected'> => ({
    type: 'BatchRejected',
    data: { officer: 'programme-zhao', reason: 'roster-outdated', ...data },
  }),
  BatchFundingRefused: (data: EventData<'BatchFundingRefused'> = {}): OfType<BatchEvent, 'BatchFundingRefused'> => ({
    type: 'BatchFundingRefused',
    data: { fund: terms.fund, totalMinor: terms.totalMinor, refusal: 'insufficient_funds', ...data },
  }),
  BatchCompleted: (data: EventData<'BatchCompleted'> = {}): OfType<BatchEvent, 'BatchCompleted'> => ({
    type: 'BatchCompleted',
    data: { count: terms.count, totalMinor: terms.totalMinor, ...data },
  }),
};

/** A valid command of each type; fields may be given. */
export const batchCommandExamples = {
  DraftBatch: (data: CommandData<'DraftBatch'> = {}): OfType<BatchCommand, 'DraftBatch'> => ({
    type: 'DraftBatch',
    id: exampleUuid(0x331),
    data: { batch: exampleBatch, ...terms, ...data },
    private: disclosed,
  }),
  ApproveBatch: (data: CommandData<'ApproveBatch'> = {}): OfType<BatchCommand, 'ApproveBatch'> => ({
    type: 'ApproveBatch',
    id: exampleUuid(0x332),
    data: { batch: exampleBatch, ...terms, ...data },
  }),
  RejectBatch: (data: CommandData<'RejectBatch'> = {}): OfType<BatchCommand, 'RejectBatch'> => ({
    type: 'RejectBatch',
    id: exampleUuid(0x333),
    data: { batch: exampleBatch, reason: 'roster-outdated', ...data },
  }),
  RefuseBatchFunding: (data: CommandData<'RefuseBatchFunding'> = {}): OfType<BatchCommand, 'RefuseBatchFunding'> => ({
    type: 'RefuseBatchFunding',
    id: exampleUuid(0x334),
    data: {
      batch: exampleBatch,
      fund: terms.fund,
      totalMinor: terms.totalMinor,
      refusal: 'insufficient_funds',
      ...data,
    },
  }),
  CompleteBatch: (data: CommandData<'CompleteBatch'> = {}): OfType<BatchCommand, 'CompleteBatch'> => ({
    type: 'CompleteBatch',
    id: exampleUuid(0x335),
    data: { batch: exampleBatch, count: terms.count, totalMinor: terms.totalMinor, ...data },
  }),
};
