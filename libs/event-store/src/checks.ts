/** The port's limits, checked by every adapter in the same way before anything is sent or stored. */
import type { Append, CommandOutcome, NewEvent, ReadAllOptions } from './port.js';

const maxEventsPerAppend = 1_000;
const maxEventBytes = 65_535;
const maxSealedBytes = 1_048_576;
const maxAppendBytes = 16 * 1_048_576;
/** PostgreSQL keeps versions in four bytes. */
const maxVersion = 2_147_483_647;
const maxBatchSize = 10_000;
const defaultBatchSize = 2_000;

export function checkAppendOrThrow(append: Append): void {
  checkStreamOrThrow(append.stream);
  checkWholeOrThrow('expectedVersion', append.expectedVersion, 0, maxVersion);
  const { events } = append;
  if (events.length < 1 || events.length > maxEventsPerAppend) {
    throw new RangeError(`an append holds 1 … ${maxEventsPerAppend} events, not ${events.length}`);
  }
  for (const event of events) checkEventOrThrow(event);
  if (events.length > 1 && new Set(events.map((event) => event.id)).size < events.length) {
    throw new TypeError('two events of one append have the same id');
  }
  const size = appendSize(append);
  if (size > maxAppendBytes) throw new RangeError(`an append holds at most ${maxAppendBytes} bytes, not ${size}`);
  if (append.command !== undefined) {
    if (append.command.kind !== 'accepted') throw new TypeError('the command of an append must be accepted');
    checkOutcomeOrThrow(append.command);
  }
}

export function checkAppendsOrThrow(appends: readonly Append[]): void {
  const streams = new Set<string>();
  for (const append of appends) {
    checkAppendOrThrow(append);
    if (append.command !== undefined) throw new TypeError('appendMany carries no commands');
    if (streams.has(append.stream)) throw new TypeError(`two appends of one call name the stream ${append.stream}`);
    streams.add(append.stream);
  }
}

export function checkRefusalOrThrow(refusal: CommandOutcome): void {
  if (refusal.kind !== 'refused') throw new TypeError('a refusal must be of kind refused');
  checkOutcomeOrThrow(refusal);
}

export function checkStreamOrThrow(stream: string): void {
  if (typeof stream !== 'string' || !/^[A-Za-z0-9][\x21-\x7e]{0,199}$/.test(stream)) {
    throw new TypeError('a stream name is 1 … 200 printable ASCII characters, the first a letter or digit');
  }
}

export function checkIdOrThrow(what: string, id: string): void {
  if (typeof id !== 'string' || !/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(id)) {
    throw new TypeError(`${what} is not a UUID in lower-case text form`);
  }
}

export function checkFromVersionOrThrow(fromVersion: number): void {
  checkWholeOrThrow('fromVersion', fromVersion, 1, maxVersion);
}

/** The window with its defaults; throws RangeError for what is not a whole number in range. */
export function readWindowOrThrow(options: ReadAllOptions): { from: number; before: number; batchSize: number } {
  const { from = 0, before = Number.MAX_SAFE_INTEGER, batchSize = defaultBatchSize } = options;
  checkWholeOrThrow('from', from, 0);
  checkWholeOrThrow('before', before, 0);
  checkWholeOrThrow('batchSize', batchSize, 1, maxBatchSize);
  return { from, before, batchSize };
}

/** Bytes of the events with their sealed parts, without ids and names. */
export function appendSize(append: Append): number {
  let size = 0;
  for (const { bytes, sealed } of append.events) size += bytes.length + (sealed?.length ?? 0);
  return size;
}

function checkEventOrThrow(event: NewEvent): void {
  checkIdOrThrow('an event id', event.id);
  checkBytesOrThrow('bytes', event.bytes, maxEventBytes);
  if (event.sealed !== undefined) checkBytesOrThrow('sealed', event.sealed, maxSealedBytes);
}

export function checkOutcomeOrThrow(outcome: CommandOutcome): void {
  checkIdOrThrow('a command id', outcome.commandId);
  checkBytesOrThrow('bodyHash', outcome.bodyHash, 32);
  if (outcome.bodyHash.length !== 32) throw new RangeError(`bodyHash has 32 bytes, not ${outcome.bodyHash.length}`);
  checkBytesOrThrow('answer', outcome.answer, maxEventBytes);
}

function checkBytesOrThrow(what: string, bytes: Uint8Array, limit: number): void {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`${what} is not a Uint8Array`);
  if (bytes.length < 1 || bytes.length > limit) {
    throw new RangeError(`${what} has 1 … ${limit} bytes, not ${bytes.length}`);
  }
}

function checkWholeOrThrow(what: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new RangeError(`${what} is a whole number from ${least} to ${most}, not ${value}`);
  }
}
