import { uuidV5, type Sha1 } from '@aidtrail/envelope';
import { DerivedIds } from '../replay/derived-ids.js';
import { readUuid } from '../replay/uuid.js';

const WORDS = 4;
const FIRST_CELLS = 1_024;

/** What there is to say of a leaf's id and of its command's. */
export interface IdProblems {
  /** The id that follows from the command's, if the leaf has another. */
  readonly expected?: string;
  readonly isCommandRepeated: boolean;
  readonly isUsed: boolean;
}

const NO_PROBLEMS: IdProblems = { isCommandRepeated: false, isUsed: false };

/**
 * The ids of all events so far, 20 to 40 bytes each in one array. They are hashes or random, and so is their place in it.
 * An event's id follows from that of its command (UUIDv5 of "0"), so that one table tells of both whether they were used.
 */
export class UsedIds {
  private words = new Uint32Array(WORDS * FIRST_CELLS);
  private count = 0;
  private readonly id = new Uint32Array(WORDS);
  private readonly derivedIds: DerivedIds;

  constructor(private readonly sha1: Sha1) {
    this.derivedIds = new DerivedIds(sha1);
  }

  /** Of an event that no command of its own brought about. */
  use(id: string): IdProblems {
    readOrThrow(id, this.id);
    return this.add(this.id) ? NO_PROBLEMS : { isCommandRepeated: false, isUsed: true };
  }

  /** Of the first event of a signed command. */
  useDerived(id: string, command: string): IdProblems {
    const derived = this.derivedIds.derive(command, '0');
    const isCommandRepeated = !this.add(derived);
    readOrThrow(id, this.id);
    if (isSame(this.id, derived)) return isCommandRepeated ? { isCommandRepeated, isUsed: false } : NO_PROBLEMS;
    return { expected: uuidV5(command, '0', this.sha1), isCommandRepeated, isUsed: !this.add(this.id) };
  }

  /** True if it was not there before. No UUID of a leaf is all zeros, which marks an empty cell. */
  private add(id: Uint32Array): boolean {
    const cell = cellOf(this.words, id, 0);
    if (!isEmpty(this.words, cell)) return false;
    for (let i = 0; i < WORDS; i += 1) this.words[cell + i] = id[i] as number;
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

function readOrThrow(uuid: string, words: Uint32Array): void {
  if (!readUuid(uuid, 0, words)) throw new RangeError('A UUID is expected.');
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

function isSame(id: Uint32Array, other: Uint32Array): boolean {
  return id[0] === other[0] && id[1] === other[1] && id[2] === other[2] && id[3] === other[3];
}

function isEmpty(table: Uint32Array, cell: number): boolean {
  return table[cell] === 0 && table[cell + 1] === 0 && table[cell + 2] === 0 && table[cell + 3] === 0;
}
