import { PackReader, PackWriter, SharedNames, type Packing } from '@aidtrail/domain';
import { BlockMemory, NOWHERE } from './block-memory.js';
import { WholeStates, type FoldedStream, type States } from './states.js';
import { roomFor, UuidTable } from './uuid-table.js';

/** What must be known of a concept whose states are packed; a stream is named `<category>-<UUID>`. */
interface PackableConcept {
  readonly category: string;
  readonly decider: { readonly initial: unknown };
  readonly packing: Packing<unknown>;
}

/**
 * States at rest in tens of bytes, in memory that the garbage collector need not look into: for concepts of which a log
 * has hundreds of thousands of streams. What has no packed form is kept as it is.
 */
export class PackedStates implements States {
  private readonly packing: Packing<unknown>;
  private readonly initial: unknown;
  private readonly prefix: string;
  private readonly uuids = new UuidTable();
  /** By the number of the UUID: how many events the stream has, 0 if it is not here; and where its state is. */
  private versions = new Uint32Array(1_024);
  private addresses = new Uint32Array(1_024);
  private packedStreams = 0;
  private readonly memory = new BlockMemory();
  private readonly writer: PackWriter;
  private readonly reader: PackReader;
  private readonly others: WholeStates;

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
    return this.packedStreams + this.others.size;
  }

  get(stream: string): FoldedStream | undefined {
    const number = this.uuids.find(stream, this.prefix.length);
    return number === undefined || !this.isHere(number) ? this.others.get(stream) : this.unpack(number);
  }

  update(stream: string, advance: (before: FoldedStream) => FoldedStream): void {
    const number = this.uuids.findOrAdd(stream, this.prefix.length);
    if (number === undefined || this.isElsewhere(number, stream)) this.others.update(stream, advance);
    else this.put(number, stream, advance(this.unpack(number)));
  }

  *entries(): Iterable<readonly [string, FoldedStream]> {
    for (let number = 0; number < this.uuids.size; number += 1) {
      if (this.isHere(number)) yield [this.prefix + this.uuids.uuidOf(number), this.unpack(number)];
    }
    yield* this.others.entries();
  }

  private isHere(number: number): boolean {
    return number < this.versions.length && this.versions[number] !== 0;
  }

  private isElsewhere(number: number, stream: string): boolean {
    return this.others.size > 0 && !this.isHere(number) && this.others.get(stream) !== undefined;
  }

  private unpack(number: number): FoldedStream {
    if (!this.isHere(number)) return { version: 0, state: this.initial };
    const address = this.addresses[number] as number;
    this.reader.begin(this.memory.page(address), this.memory.recordAt(address));
    return { version: this.versions[number] as number, state: this.packing.unpack(this.reader) };
  }

  private put(number: number, stream: string, { version, state }: FoldedStream): void {
    this.versions = roomFor(this.versions, number + 1);
    this.addresses = roomFor(this.addresses, number + 1);
    const before = this.addresses[number] as number;
    if (!this.isHere(number)) this.packedStreams += 1;
    this.writer.begin();
    this.packing.pack(state, this.writer);
    const record = this.writer.written();
    if (this.writer.fits && record.length <= BlockMemory.largestRecord) {
      this.versions[number] = version;
      this.addresses[number] = this.memory.put(record, before);
      return;
    }
    if (before !== NOWHERE) this.memory.leave(before);
    this.versions[number] = 0;
    this.addresses[number] = NOWHERE;
    this.packedStreams -= 1;
    this.others.set(stream, { version, state });
  }
}
