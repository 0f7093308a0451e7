import { base64DecodeOrThrow, base64Encode, MalformedInput, parseAnswerOrThrow } from '@aidtrail/envelope';
import { z } from 'zod';
import { defineFraud, members, notProven } from '../log/fraud/fraud-kind.js';
import { objectionTo, type BrokenPromise, type PromiseObjection } from './broken-promise.js';
import { decodedEntry, encodedEntry, includedEntry } from './included-entry-file.js';

const schema = z.strictObject({
  kind: z.literal('broken_promise'),
  promise: z.enum(['refused_but_logged', 'confirmed_otherwise', 'confirmed_but_absent']),
  answer: members.bytes,
  checkpoint: members.note,
  key: includedEntry,
  entry: includedEntry.optional(),
  opening: includedEntry.optional(),
});

export type BrokenPromiseProof = z.infer<typeof schema>;

/** An answer that the ledger signed and did not keep; docs/reference/receipt.md has the three ways. */
export const brokenPromise = defineFraud({
  schema,
  check: (file, trust) => {
    const promise = promiseIn(file);
    const body = answerIn(promise);
    if (body === undefined) return notProven('The answer in it is none.');
    const objection = objectionTo(promise, trust);
    if (objection !== undefined) return notProven(objections[objection]);
    return { proven: true, log: body.log, ...sentences[promise.kind] };
  },
});

/** The evidence as a file holds it. */
export function fileOfPromise({ kind, answer, checkpoint, key, entry, opening }: BrokenPromise): BrokenPromiseProof {
  return {
    kind: 'broken_promise',
    promise: kind,
    answer: base64Encode(answer),
    checkpoint,
    key: encodedEntry(key),
    ...(entry === undefined ? {} : { entry: encodedEntry(entry) }),
    ...(opening === undefined ? {} : { opening: encodedEntry(opening) }),
  };
}

/** The evidence in a file, not believed. */
export function promiseIn({ promise, answer, checkpoint, key, entry, opening }: BrokenPromiseProof): BrokenPromise {
  return {
    kind: promise,
    answer: base64DecodeOrThrow(answer),
    checkpoint,
    key: decodedEntry(key),
    ...(entry === undefined ? {} : { entry: decodedEntry(entry) }),
    ...(opening === undefined ? {} : { opening: decodedEntry(opening) }),
  };
}

const sentences: Readonly<Record<BrokenPromise['kind'], { readonly zh: string; readonly en: string }>> = {
  refused_but_logged: {
    zh: '账本签署了对某指令的最终拒绝，而该指令就在日志中。',
    en: 'The ledger signed that it refused a command for good, and that command stands in its log.',
  },
  confirmed_otherwise: {
    zh: '账本确认了一个事件，日志中作为该事件的却是另一个条目。',
    en: 'The ledger signed a confirmation of an event, and its log holds another entry as that event.',
  },
  confirmed_but_absent: {
    zh: '账本承诺按时公布的条目，在它其后数日仍在延续的日志中并不存在。',
    en: 'The ledger promised to publish an entry by a time, and its log goes on for days after that time without it.',
  },
};

/** What each objection means to whoever reads a file. */
export const objections: Readonly<Record<PromiseObjection | 'needs_log', string>> = {
  checkpoint_not_signed: 'The checkpoint in it is not signed by a log of the policy.',
  answer_not_signed: 'The answer in it is not signed by an event key of the ledger.',
  entry_not_included: 'An entry in it is not shown to be in the tree of the checkpoint.',
  entry_does_not_contradict: 'The entry in it does not contradict the answer.',
  not_due: 'The tree of the checkpoint does not show that the promised time is over: no later day starts in it.',
  leaf_is_in_the_log: 'The entry that was promised stands in the log.',
  log_is_another: 'The files of the log are not the tree of the checkpoint.',
  needs_log:
    'That an entry is nowhere in a log only the whole log shows: check it with the log at hand (aidtrail proof answer), or ' +
    'ask the ledger for an inclusion proof of the entry.',
};

function answerIn({ answer }: BrokenPromise) {
  try {
    return parseAnswerOrThrow(answer).body;
  } catch (fault) {
    if (fault instanceof MalformedInput) return undefined;
    throw fault;
  }
}
