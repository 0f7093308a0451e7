/**
 * Servers before 25.1 take appends of at most 1 MiB, and no server takes part of one. So a batch that is too large is
 * made small: its large pieces are written before it, into a stream that nobody looks at yet, and the batch itself,
 * which refers to them, stays one atomic append. A crash in between leaves pieces that nothing refers to.
 */
import { randomUUID } from 'node:crypto';
import type { Append, NewEvent } from '../port.js';
import type { Connection, Recorded, Written } from './connection.js';
import type { Names } from './names.js';
import { eventRecordOf, metadataOf, RecordUnreadable, type Spilled } from './records.js';

/** Of one append, with room below 1 MiB for what the server counts besides. */
const largestAppend = 512 * 1_024;
const partLength = 480 * 1_024;
/** What the wire and the record of an event add to its bytes, at most, without the answer of the command. */
const eventOverhead = 128;
const none = new Uint8Array();

export interface PreparedBatch {
  readonly batchId: string;
  readonly events: readonly Written[];
  /** To be written before the events, one append each. */
  readonly parts: readonly Uint8Array[];
}

export function prepareBatch(append: Append, names: Names): PreparedBatch {
  const batchId = randomUUID();
  const overhead = append.events.length * eventOverhead + (append.command?.answer.length ?? 0);
  const leaves = append.events.reduce((sum, { bytes }) => sum + bytes.length, overhead);
  const whole = append.events.reduce((sum, { sealed }) => sum + (sealed?.length ?? 0), leaves);
  const spillLeaves = leaves > largestAppend;
  const pieces: Uint8Array[] = [];
  let offset = 0;
  const spill = (bytes: Uint8Array | undefined): { offset: number; length: number } => {
    const at = { offset, length: bytes?.length ?? 0 };
    if (bytes) pieces.push(bytes);
    offset += at.length;
    return at;
  };
  const spilledOf = ({ bytes, sealed }: NewEvent): Spilled => {
    const leaf = spill(spillLeaves ? bytes : undefined);
    const rest = spill(sealed);
    return {
      batchId,
      bytesOffset: leaf.offset,
      bytesLength: leaf.length,
      sealedOffset: rest.offset,
      sealedLength: rest.length,
    };
  };
  const last = append.events.length - 1;
  const events = append.events.map((event, i): Written => {
    const spilled = whole > largestAppend ? spilledOf(event) : undefined;
    const commit = i === last ? { append, batchId } : undefined;
    return {
      id: event.id,
      type: commit ? names.types.commit : names.types.leaf,
      data: spilled && spilled.bytesLength > 0 ? none : event.bytes,
      metadata: metadataOf(event, { spilled, ...(commit && { commit }) }),
    };
  });
  return { batchId, events, parts: cut(pieces) };
}

export function partOf(data: Uint8Array, names: Names): Written {
  return { id: randomUUID(), type: names.types.part, data };
}

/** Gives the leaf and the sealed part of events, wherever they lie. One for each reading: it keeps the last parts read. */
export class PartsReader {
  private batchId = '';
  private parts = none;

  constructor(
    private readonly connection: Connection,
    private readonly names: Names,
  ) {}

  /** A promise only for what has to be fetched: most events are complete as they are. */
  contentOf(recorded: Recorded): Content | Promise<Content> {
    const { sealed, spilled } = eventRecordOf(recorded.metadata);
    if (!(recorded.data instanceof Uint8Array)) throw new RecordUnreadable('its data is not binary');
    return spilled ? this.fetched(spilled, recorded.data) : { bytes: recorded.data, sealed };
  }

  private async fetched(spilled: Spilled, data: Uint8Array): Promise<Content> {
    if (this.batchId !== spilled.batchId) await this.load(spilled.batchId);
    const { bytesOffset, bytesLength, sealedOffset, sealedLength } = spilled;
    const slice = (offset: number, length: number): Uint8Array => {
      if (offset + length > this.parts.length) throw new RecordUnreadable('its parts are incomplete');
      return this.parts.slice(offset, offset + length);
    };
    return {
      bytes: bytesLength > 0 ? slice(bytesOffset, bytesLength) : data,
      sealed: sealedLength > 0 ? slice(sealedOffset, sealedLength) : undefined,
    };
  }

  private async load(batchId: string): Promise<void> {
    const most = 64;
    const parts = await this.connection.readStream(this.names.partsStream(batchId), 0, most);
    this.parts = Buffer.concat(parts.map(({ data }) => data as Uint8Array));
    this.batchId = batchId;
  }
}

export interface Content {
  readonly bytes: Uint8Array;
  readonly sealed: Uint8Array | undefined;
}

function cut(pieces: readonly Uint8Array[]): Uint8Array[] {
  const whole = Buffer.concat(pieces);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < whole.length; at += partLength) parts.push(new Uint8Array(whole.subarray(at, at + partLength)));
  return parts;
}
