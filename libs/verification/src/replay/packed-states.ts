import { PackReader, PackWriter, SharedNames, type Packing } from '@aidtrail/domain';
import { RecordTable, type Cell } from './record-table.js';
import { WholeStates, type FoldedStream, type States } from './states.js';
import { readUuid, uuidOf } from './uuid.js';

/** What must be known of a concept whose states are packed; a stream is named `<category>-<UUID>`. */
interface PackableConcept {
  readonly category: string;
  readonly decider: { readonly initial: unknown };
  readonly packing: Packing<unknown>;
}

/** The number of a record is the version of its stream. Version 0: the stream's state had no packed form. */
const ELSEWHERE = 0;
const NOTHING = new Uint8Array(0);

/**
 * States at rest in tens of bytes, in memory that the garbage collector need not look into: for concepts of which a log
 * has hundreds of thousands of streams. What has no packed form is kept as it is.
 */
export class PackedStates implements States {
  private readonly packing: Packing<unknown>;
  private readonly initial: unknown;
  private readonly prefix: string;
  private readonly table = new RecordTable();
  private readonly key = new Uint32Array(4);
  private readonly writer: PackWriter;
  private readonly reader: PackReader;
  private readonly others: WholeStates;
  private packed = 0;
  /** What was looked up last, as it is mostly put back next; `key` is its key then. */
  private lastStream = '';
  private lastCell: Cell = 0;

  constructor({ category, decider, packing }: PackableConcept) {
    const names = new SharedNames();
    this.writer = new PackWriter(names);
    this.reader = new PackReader(names);
    this.packing = packing;
    this.initial = decider.initial;
    this.prefix = `${category}-`;
    this.others = new WholeStates(decider.initial);
  }

  get size(): number {
    return this.packed + this.others.size;
  }

  get(stream: string): FoldedStream | undefined {
    this.lastStream = '';
    if (!readUuid(stream, this.prefix.length, this.key)) return this.others.get(stream);
    const cell = this.table.find(this.key);
    this.lastStream = stream;
    this.lastCell = cell;
    return this.isPacked(cell) ? this.unpack(cell) : this.others.get(stream);
  }

  update(stream: string, advance: (before: FoldedStream) => FoldedStream): void {
    const { key, table } = this;
    this.lastStream = '';
    if (!readUuid(stream, this.prefix.length, key)) {
      this.others.update(stream, advance);
      return;
    }
    const cell = table.find(key);
    if (table.has(cell) && !this.isPacked(cell)) {
      this.others.update(stream, advance);
      return;
    }
    const before = table.has(cell) ? this.unpack(cell) : { version: 0, state: this.initial };
    this.put(stream, cell, before.version === 0, advance(before));
  }

  set(stream: string, folded: FoldedStream): void {
    const { key, table } = this;
    const isLast = stream === this.lastStream;
    this.lastStream = '';
    if (!isLast && !readUuid(stream, this.prefix.length, key)) {
      this.others.set(stream, folded);
      return;
    }
    const cell = isLast ? this.lastCell : table.find(key);
    if (table.has(cell) && !this.isPacked(cell)) this.others.set(stream, folded);
    else this.put(stream, cell, !table.has(cell), folded);
  }

  *entries(): Iterable<readonly [string, FoldedStream]> {
    for (const [cell, key] of this.table.entries())
      if (this.isPacked(cell)) yield [this.prefix + uuidOf(key), this.unpack(cell)];
    yield* this.others.entries();
  }

  private isPacked(cell: Cell): boolean {
    return this.table.has(cell) && this.table.numberIn(cell) !== ELSEWHERE;
  }

  private unpack(cell: Cell): FoldedStream {
    const { memory, at } = this.table.bodyIn(cell);
    this.reader.begin(memory, at);
    return { version: this.table.numberIn(cell), state: this.packing.unpack(this.reader) };
  }

  private put(stream: string, cell: Cell, isNew: boolean, { version, state }: FoldedStream): void {
    this.writer.begin();
    this.packing.pack(state, this.writer);
    const body = this.writer.written();
    if (this.writer.fits && body.length <= RecordTable.largestBody) {
      if (isNew) this.packed += 1;
      this.table.put(cell, this.key, version, body);
    } else {
      if (!isNew) this.packed -= 1;
      this.table.put(cell, this.key, ELSEWHERE, NOTHING);
      this.others.set(stream, { version, state });
    }
  }
}
