import * as f from '../kernel/fields.js';
import { defineCommands, type CommandsOf } from '../kernel/table.js';
import { batchTerms } from './batch.events.js';

export const batchCommands = defineCommands({
  DraftBatch: {
    about: 'The maker drafts a batch for a prepared roster.',
    public: { batch: f.uuid, ...batchTerms },
    disclosure: { partner: f.uuid, communities: f.listOf(f.privateText, { min: 1, max: 200 }) },
    signatures: 'one',
    roles: ['registrar', 'programme'],
  },
  ApproveBatch: {
    about: 'A checker approves, repeating every term.',
    public: { batch: f.uuid, ...batchTerms },
    signatures: 'one',
    roles: ['programme', 'finance'],
  },
  RejectBatch: {
    about: 'A checker declines.',
    public: { batch: f.uuid, reason: f.code },
    signatures: 'one',
    roles: ['programme', 'finance'],
  },
  RefuseBatchFunding: {
    about: 'The fund could not pay.',
    public: { batch: f.uuid, fund: f.uuid, totalMinor: f.amountMinor, refusal: f.refusalCode },
    signatures: 'policy',
    roles: [],
  },
  CompleteBatch: {
    about: 'The last voucher was issued.',
    public: { batch: f.uuid, count: f.count, totalMinor: f.amountMinor },
    signatures: 'policy',
    roles: [],
  },
});

export type BatchCommand = CommandsOf<typeof batchCommands>;
