/**
 * How an append lies in KurrentDB. The event's data is the signed leaf, verbatim. Its metadata is binary:
 *
 *     byte 0        1, the version of this form; it also keeps the client from reading metadata as JSON
 *     byte 1        flags
 *     if spilled:   batch id (16), offset and length of the leaf, offset and length of the sealed part (4 × 4)
 *     if commit:    number of events of the batch (2), expected version (4), batch id (16),
 *                   the ids of the other events of the batch in their order (16 each)
 *     if command:   command id (16), body hash (32), length of the answer (4), answer
 *     rest:         the sealed part
 *
 * Only the last event of a batch has a commit. An event that has neither a commit nor a sealed part has no metadata.
 */
import type { Append, CommandOutcome, NewEvent } from '../port.js';
import { readUuid, writeUuid } from './uuid.js';

/** What the last event of a batch says about the whole batch. */
export interface Commit {
  readonly batchId: string;
  readonly expectedVersion: number;
  /** Of the whole batch, in order. */
  readonly ids: readonly string[];
  readonly commandId: string | undefined;
}

export interface EventRecord {
  readonly sealed: Uint8Array | undefined;
  readonly spilled: Spilled | undefined;
}

/** Where in the parts of a batch the leaf and the sealed part lie; a length of 0: not there. */
export interface Spilled {
  readonly batchId: string;
  readonly bytesOffset: number;
  readonly bytesLength: number;
  readonly sealedOffset: number;
  readonly sealedLength: number;
}

const form = 1;
/** Of an outcome that stands alone: a refusal, or an acceptance that was copied from another store. */
const loneForms = { refused: 1, accepted: 2 } as const;
const isCommit = 1;
const hasCommand = 2;
const isSpilled = 4;
const hasSealed = 8;
const spilledLength = 32;

export function metadataOf(
  event: NewEvent,
  parts: {
    readonly spilled?: Spilled | undefined;
    readonly commit?: { readonly append: Append; readonly batchId: string };
  },
): Uint8Array | undefined {
  const { spilled, commit } = parts;
  const sealed = spilled ? undefined : event.sealed;
  if (!sealed && !spilled && !commit) return undefined;
  const command = commit?.append.command;
  const others = commit ? commit.append.events.slice(0, -1) : [];
  const bytes = new Uint8Array(
    2 +
      (spilled ? spilledLength : 0) +
      (commit ? 22 + others.length * 16 : 0) +
      (command ? 52 + command.answer.length : 0) +
      (sealed?.length ?? 0),
  );
  const view = new DataView(bytes.buffer);
  bytes[0] = form;
  bytes[1] =
    (commit ? isCommit : 0) | (command ? hasCommand : 0) | (spilled ? isSpilled : 0) | (sealed ? hasSealed : 0);
  let at = 2;
  if (spilled) {
    writeUuid(bytes, at, spilled.batchId);
    view.setUint32(at + 16, spilled.bytesOffset);
    view.setUint32(at + 20, spilled.bytesLength);
    view.setUint32(at + 24, spilled.sealedOffset);
    view.setUint32(at + 28, spilled.sealedLength);
    at += spilledLength;
  }
  if (commit) {
    view.setUint16(at, commit.append.events.length);
    view.setUint32(at + 2, commit.append.expectedVersion);
    writeUuid(bytes, at + 6, commit.batchId);
    at += 22;
    for (const { id } of others) {
      writeUuid(bytes, at, id);
      at += 16;
    }
  }
  if (command) at = writeCommand(bytes, at, command);
  if (sealed) bytes.set(sealed, at);
  return bytes;
}

/** The record of an event without its sealed part, and where that begins. */
interface Parsed {
  readonly spilled: Spilled | undefined;
  readonly commit:
    (Omit<Commit, 'ids' | 'commandId'> & { readonly others: number; readonly count: number }) | undefined;
  readonly commandAt: number | undefined;
  readonly sealedAt: number | undefined;
}

function parse(metadata: Uint8Array): Parsed {
  if (metadata[0] !== form) throw new RecordUnreadable('its metadata has an unknown form');
  const flags = metadata[1] ?? 0;
  const view = viewOver(metadata);
  let at = 2;
  let spilled: Spilled | undefined;
  if (flags & isSpilled) {
    spilled = {
      batchId: readUuid(metadata, at),
      bytesOffset: view.getUint32(at + 16),
      bytesLength: view.getUint32(at + 20),
      sealedOffset: view.getUint32(at + 24),
      sealedLength: view.getUint32(at + 28),
    };
    at += spilledLength;
  }
  let commit: Parsed['commit'];
  if (flags & isCommit) {
    const count = view.getUint16(at);
    commit = {
      count,
      expectedVersion: view.getUint32(at + 2),
      batchId: readUuid(metadata, at + 6),
      others: at + 22,
    };
    at += 22 + (count - 1) * 16;
  }
  const commandAt = flags & hasCommand ? at : undefined;
  if (commandAt !== undefined) at += 52 + view.getUint32(at + 48);
  return { spilled, commit, commandAt, sealedAt: flags & hasSealed ? at : undefined };
}

export function eventRecordOf(metadata: unknown): EventRecord {
  if (metadata === undefined) return { sealed: undefined, spilled: undefined };
  if (!(metadata instanceof Uint8Array)) throw new RecordUnreadable('its metadata is not binary');
  const { spilled, sealedAt } = parse(metadata);
  return { spilled, sealed: sealedAt === undefined ? undefined : metadata.subarray(sealedAt) };
}

export function commitOf(id: string, metadata: unknown): Commit {
  if (!(metadata instanceof Uint8Array)) throw new RecordUnreadable('its metadata is not binary');
  const { commit, commandAt } = parse(metadata);
  if (!commit) throw new RecordUnreadable('it lacks the commit of its batch');
  const { count, expectedVersion, batchId, others } = commit;
  const ids = Array.from({ length: count - 1 }, (_, i) => readUuid(metadata, others + i * 16));
  const commandId = commandAt === undefined ? undefined : readUuid(metadata, commandAt);
  return { batchId, expectedVersion, ids: [...ids, id], commandId };
}

/** The command's outcome in the commit of a batch. */
export function acceptedOf(metadata: unknown): CommandOutcome {
  if (!(metadata instanceof Uint8Array)) throw new RecordUnreadable('its metadata is not binary');
  const { commandAt } = parse(metadata);
  if (commandAt === undefined) throw new RecordUnreadable('it lacks the answer of its command');
  return readCommand(metadata, commandAt, 'accepted');
}

/** The data of an outcome that has no events of its own: form, batch id, command. */
export function loneOutcomeData(outcome: CommandOutcome, batchId: string): Uint8Array {
  const bytes = new Uint8Array(1 + 16 + 52 + outcome.answer.length);
  bytes[0] = loneForms[outcome.kind];
  writeUuid(bytes, 1, batchId);
  writeCommand(bytes, 17, outcome);
  return bytes;
}

export function loneOutcomeOf(data: unknown): { readonly batchId: string; readonly outcome: CommandOutcome } {
  const isBinary = data instanceof Uint8Array;
  if (!isBinary || (data[0] !== loneForms.refused && data[0] !== loneForms.accepted)) {
    throw new RecordUnreadable('it is no outcome of this form');
  }
  const kind = data[0] === loneForms.accepted ? 'accepted' : 'refused';
  return { batchId: readUuid(data, 1), outcome: readCommand(data, 17, kind) };
}

/** An event in KurrentDB has one of our types and is not what we write. */
export class RecordUnreadable extends Error {
  override readonly name = 'RecordUnreadable';
  constructor(reason: string) {
    super(`an event of the ledger in KurrentDB cannot be read: ${reason}`);
  }
}

function writeCommand(bytes: Uint8Array, at: number, { commandId, bodyHash, answer }: CommandOutcome): number {
  writeUuid(bytes, at, commandId);
  bytes.set(bodyHash, at + 16);
  viewOver(bytes).setUint32(at + 48, answer.length);
  bytes.set(answer, at + 52);
  return at + 52 + answer.length;
}

function readCommand(source: Uint8Array, at: number, kind: CommandOutcome['kind']): CommandOutcome {
  const length = viewOver(source).getUint32(at + 48);
  return {
    kind,
    commandId: readUuid(source, at),
    bodyHash: source.slice(at + 16, at + 48),
    answer: source.slice(at + 52, at + 52 + length),
  };
}

function viewOver(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
