import type { StoredEvent } from '../port.js';

/** "PGCOPY\n\xff\r\n\0", flags and the length of the header's extension. */
const headerBytes = 19;

/** A choice of columns and how their rows are read from COPY's binary output. The arrays are views on what was copied. */
export interface CopiedRows<T> {
  readonly columns: string;
  /** Whether memory that was copied into takes later rows. */
  readonly usesMemoryAgain: boolean;
  /** Throws when the positions do not follow each other from the given one on: then rows are missing. */
  parse(copied: Buffer, from: number): T[];
}

export const wholeEvents: CopiedRows<StoredEvent> = {
  columns: 'position, stream, version, id, bytes, sealed',
  usesMemoryAgain: false,
  parse: parseEvents,
};

export const leavesOnly: CopiedRows<Uint8Array> = {
  columns: 'position, bytes',
  usesMemoryAgain: true,
  parse: parseLeaves,
};

function parseEvents(copied: Buffer, from: number): StoredEvent[] {
  const events: StoredEvent[] = [];
  const memory = copied.buffer;
  const base = copied.byteOffset;
  let offset = headerBytes;
  while (copied.readInt16BE(offset) === 6) {
    offset += 2 + 4;
    const position = from + events.length;
    requirePosition(copied, offset, position);
    offset += 8;
    const streamLength = copied.readInt32BE(offset);
    offset += 4;
    const stream = copied.toString('latin1', offset, offset + streamLength);
    offset += streamLength + 4;
    const version = copied.readInt32BE(offset);
    offset += 4 + 4;
    const id = uuidAt(copied, offset);
    offset += 16;
    const length = copied.readInt32BE(offset);
    offset += 4;
    const bytes = new Uint8Array(memory, base + offset, length);
    offset += length;
    const sealedLength = copied.readInt32BE(offset);
    offset += 4;
    if (sealedLength < 0) {
      events.push({ position, stream, version, id, bytes });
    } else {
      const sealed = new Uint8Array(memory, base + offset, sealedLength);
      offset += sealedLength;
      events.push({ position, stream, version, id, bytes, sealed });
    }
  }
  return events;
}

function parseLeaves(copied: Buffer, from: number): Uint8Array[] {
  const leaves: Uint8Array[] = [];
  let offset = headerBytes;
  while (copied.readInt16BE(offset) === 2) {
    offset += 2 + 4;
    requirePosition(copied, offset, from + leaves.length);
    offset += 8;
    const length = copied.readInt32BE(offset);
    offset += 4;
    leaves.push(new Uint8Array(copied.buffer, copied.byteOffset + offset, length));
    offset += length;
  }
  return leaves;
}

function requirePosition(copied: Buffer, offset: number, expected: number): void {
  const position = copied.readUInt32BE(offset) * 0x1_0000_0000 + copied.readUInt32BE(offset + 4);
  if (position !== expected) throw new Error(`event ${expected} is missing in the event table`);
}

const uuidText = Buffer.from('00000000-0000-0000-0000-000000000000');
/** Where the digits of each byte stand. */
const uuidPlaces = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const hexDigits = Buffer.from('0123456789abcdef');

function uuidAt(buffer: Buffer, offset: number): string {
  for (let i = 0; i < 16; i += 1) {
    const byte = buffer[offset + i] as number;
    const place = uuidPlaces[i] as number;
    uuidText[place] = hexDigits[byte >> 4] as number;
    uuidText[place + 1] = hexDigits[byte & 15] as number;
  }
  return uuidText.toString('latin1');
}
