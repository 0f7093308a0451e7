import { randomBytes } from 'node:crypto';
import { readUuid, writeUuid } from './uuid.js';

const idsPerChunk = 16_384;

/**
 * UUIDs in the order in which they were added, and the way back from a UUID to its place. 16 bytes an id and 8 to 16
 * for the slots: a `Map` of strings takes ten times as much. Ids are never taken out.
 */
export class IdTable {
  private readonly chunks: Uint8Array[] = [];
  private slots = new Uint32Array(1_024);
  private count = 0;
  private readonly wanted = new Uint8Array(16);
  /** Clients choose some of the ids; they cannot choose where they fall. */
  private readonly seed = randomBytes(4).readUInt32LE();

  get size(): number {
    return this.count;
  }

  /** The place of an id, counted from 0, or -1. */
  find(id: string): number {
    writeUuid(this.wanted, 0, id);
    const slot = this.slots[this.slotOf(this.wanted, 0)] as number;
    return slot - 1;
  }

  has(id: string): boolean {
    return this.find(id) >= 0;
  }

  /** The id must not be there yet. */
  add(id: string): void {
    if (this.count % idsPerChunk === 0) this.chunks.push(new Uint8Array(idsPerChunk * 16));
    if ((this.count + 1) * 2 > this.slots.length) this.grow();
    const chunk = this.chunks[this.chunks.length - 1] as Uint8Array;
    const offset = (this.count % idsPerChunk) * 16;
    writeUuid(chunk, offset, id);
    this.count += 1;
    this.slots[this.slotOf(chunk, offset)] = this.count;
  }

  at(place: number): string {
    return readUuid(this.chunkOf(place), (place % idsPerChunk) * 16);
  }

  /** The bytes of the ids from one place up to another. */
  bytes(from: number, before: number): Uint8Array {
    const out = new Uint8Array((before - from) * 16);
    for (let place = from; place < before; place += 1) {
      const offset = (place % idsPerChunk) * 16;
      out.set(this.chunkOf(place).subarray(offset, offset + 16), (place - from) * 16);
    }
    return out;
  }

  /** The slot that holds the id, or the free one where it would go. */
  private slotOf(source: Uint8Array, offset: number): number {
    const mask = this.slots.length - 1;
    let slot = hash(source, offset, this.seed) & mask;
    for (;;) {
      const place = this.slots[slot] as number;
      if (place === 0 || this.isAt(place - 1, source, offset)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private isAt(place: number, source: Uint8Array, offset: number): boolean {
    const chunk = this.chunkOf(place);
    const start = (place % idsPerChunk) * 16;
    for (let i = 0; i < 16; i += 1) if (chunk[start + i] !== source[offset + i]) return false;
    return true;
  }

  private chunkOf(place: number): Uint8Array {
    return this.chunks[Math.floor(place / idsPerChunk)] as Uint8Array;
  }

  private grow(): void {
    this.slots = new Uint32Array(this.slots.length * 2);
    for (let place = 0; place < this.count; place += 1) {
      this.slots[this.slotOf(this.chunkOf(place), (place % idsPerChunk) * 16)] = place + 1;
    }
  }
}

/** The mixing steps of MurmurHash3 over the 16 bytes. */
function hash(source: Uint8Array, offset: number, seed: number): number {
  let mixed = seed;
  for (let i = offset; i < offset + 16; i += 4) {
    let word =
      (source[i] as number) |
      ((source[i + 1] as number) << 8) |
      ((source[i + 2] as number) << 16) |
      ((source[i + 3] as number) << 24);
    word = Math.imul(word, 0xcc9e2d51);
    word = (word << 15) | (word >>> 17);
    mixed ^= Math.imul(word, 0x1b873593);
    mixed = (mixed << 13) | (mixed >>> 19);
    mixed = (Math.imul(mixed, 5) + 0xe6546b64) | 0;
  }
  mixed ^= mixed >>> 16;
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
