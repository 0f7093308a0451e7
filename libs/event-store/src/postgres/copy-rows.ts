import type { StoredEvent } from '../port.js';

/** "PGCOPY\n\xff\r\n\0", flags and the length of the header's extension. */
const headerBytes = 19;

/**
 * Parses the binary output of COPY with the columns position, stream, version, id, bytes, sealed. The arrays of the
 * events are views on the one buffer. Throws when positions do not follow each other: then rows are missing.
 */
export function parseEvents(copied: Buffer, from: number): StoredEvent[] {
  const events: StoredEvent[] = [];
  const memory = copied.buffer;
  const base = copied.byteOffset;
  let offset = headerBytes;
  while (copied.readInt16BE(offset) === 6) {
    offset += 2 + 4;
    const position = copied.readUInt32BE(offset) * 0x1_0000_0000 + copied.readUInt32BE(offset + 4);
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
    if (position !== from + events.length)
      throw new Error(`event ${from + events.length} is missing in the event table`);
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

function uuidAt(buffer: Buffer, offset: number): string {
  const hex = buffer.toString('hex', offset, offset + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
