import { BlockMemory, NOWHERE, type Address } from './block-memory.js';

/** The words of a record before its body: size of the block, four of the key, one that is the caller's. */
const KEY_AT = 1;
const NUMBER_AT = 5;
const BODY_AT = 6;
const BODY_AT_BYTE = 4 * BODY_AT;

/** Where a key is in the table, or would be. Valid until the next `put`. */
export type Cell = number;

/** A record's bytes, where they lie. */
export interface Body {
  readonly memory: Uint8Array;
  readonly at: number;
}

/**
 * Records found by a key of four words, each with a number and a body of bytes: an open hash table of addresses, so that
 * a look-up touches the table in one place and the record in one. A key is never removed.
 */
export class RecordTable {
  static readonly largestBody = BlockMemory.largestBlock - BODY_AT_BYTE;

  private readonly blocks = new BlockMemory();
  private count = 0;
  /** Pairs of address (or nowhere) and hash. */
  private cells = new Uint32Array(2 * 1_024);

  find(key: Uint32Array): Cell {
    const { cells } = this;
    const hash = hashOf(key);
    const last = cells.length - 1;
    let cell = (2 * hash) & last;
    for (;;) {
      const address = cells[cell] as Address;
      if (address === NOWHERE || (cells[cell + 1] === hash && this.hasKey(address, key))) return cell;
      cell = (cell + 2) & last;
    }
  }

  has(cell: Cell): boolean {
    return this.cells[cell] !== NOWHERE;
  }

  numberIn(cell: Cell): number {
    const address = this.cells[cell] as Address;
    return this.blocks.pageOf(address).words[this.blocks.wordAt(address) + NUMBER_AT] as number;
  }

  bodyIn(cell: Cell): Body {
    const address = this.cells[cell] as Address;
    return { memory: this.blocks.pageOf(address).bytes, at: 4 * this.blocks.wordAt(address) + BODY_AT_BYTE };
  }

  /** Puts a record down, in the place of an older one of the same key. The cell is the key's. */
  put(cell: Cell, key: Uint32Array, number: number, body: Uint8Array): void {
    const { blocks, cells } = this;
    const bytes = BODY_AT_BYTE + body.length;
    let address = cells[cell] as Address;
    const isNew = address === NOWHERE;
    if (isNew || !blocks.suits(address, bytes)) {
      if (!isNew) blocks.giveBack(address);
      address = blocks.take(bytes);
      cells[cell] = address;
      blocks.pageOf(address).words.set(key, blocks.wordAt(address) + KEY_AT);
    }
    const page = blocks.pageOf(address);
    const at = blocks.wordAt(address);
    page.words[at + NUMBER_AT] = number;
    page.bytes.set(body, 4 * at + BODY_AT_BYTE);
    if (isNew) this.added(cell, hashOf(key));
  }

  /** All cells with their keys. The table must not change meanwhile. */
  *entries(): Iterable<readonly [Cell, key: Uint32Array]> {
    for (let cell = 0; cell < this.cells.length; cell += 2) {
      const address = this.cells[cell] as Address;
      if (address === NOWHERE) continue;
      const at = this.blocks.wordAt(address) + KEY_AT;
      yield [cell, this.blocks.pageOf(address).words.slice(at, at + 4)];
    }
  }

  private hasKey(address: Address, key: Uint32Array): boolean {
    const { words } = this.blocks.pageOf(address);
    const at = this.blocks.wordAt(address) + KEY_AT;
    return words[at] === key[0] && words[at + 1] === key[1] && words[at + 2] === key[2] && words[at + 3] === key[3];
  }

  /** At most half of the cells are in use. */
  private added(cell: Cell, hash: number): void {
    this.cells[cell + 1] = hash;
    this.count += 1;
    if (4 * this.count <= this.cells.length) return;
    const before = this.cells;
    this.cells = new Uint32Array(2 * before.length);
    const last = this.cells.length - 1;
    for (let old = 0; old < before.length; old += 2) {
      if (before[old] === NOWHERE) continue;
      let next = (2 * (before[old + 1] as number)) & last;
      while (this.cells[next] !== NOWHERE) next = (next + 2) & last;
      this.cells[next] = before[old] as number;
      this.cells[next + 1] = before[old + 1] as number;
    }
  }
}

/** Keys are mostly random or hashes themselves; mixing the words spreads those that are neither. */
function hashOf(key: Uint32Array): number {
  let hash = 0;
  for (let i = 0; i < 4; i += 1) {
    hash = Math.imul(hash ^ (key[i] as number), 0x9e37_79b1);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}
