import { readUuid } from '../replay/uuid.js';

const WORDS = 4;
const FIRST_CELLS = 1_024;

/** The ids of all events so far, 20 to 40 bytes each in one array. They are hashes or random, and so is their place in it. */
export class UsedIds {
  private words = new Uint32Array(WORDS * FIRST_CELLS);
  private count = 0;
  private readonly id = new Uint32Array(WORDS);

  /** True if the UUID was not there before. No UUID of a leaf is all zeros, which marks an empty cell. */
  add(uuid: string): boolean {
    if (!readUuid(uuid, 0, this.id)) throw new RangeError('A UUID is expected.');
    const cell = cellOf(this.words, this.id, 0);
    if (!isEmpty(this.words, cell)) return false;
    this.words.set(this.id, cell);
    this.count += 1;
    if (this.count * 4 > (this.words.length / WORDS) * 3) this.grow();
    return true;
  }

  private grow(): void {
    const before = this.words;
    const after = new Uint32Array(2 * before.length);
    for (let cell = 0; cell < before.length; cell += WORDS) {
      if (isEmpty(before, cell)) continue;
      const place = cellOf(after, before, cell);
      for (let i = 0; i < WORDS; i += 1) after[place + i] = before[cell + i] as number;
    }
    this.words = after;
  }
}

/** Where the id that stands in `from` is in the table, or would be. */
function cellOf(table: Uint32Array, from: Uint32Array, at: number): number {
  const a = from[at] as number;
  const b = from[at + 1] as number;
  const c = from[at + 2] as number;
  const d = from[at + 3] as number;
  const last = table.length - 1;
  let cell = (a * WORDS) & last;
  while (!isEmpty(table, cell)) {
    if (table[cell] === a && table[cell + 1] === b && table[cell + 2] === c && table[cell + 3] === d) return cell;
    cell = (cell + WORDS) & last;
  }
  return cell;
}

function isEmpty(table: Uint32Array, cell: number): boolean {
  return table[cell] === 0 && table[cell + 1] === 0 && table[cell + 2] === 0 && table[cell + 3] === 0;
}
