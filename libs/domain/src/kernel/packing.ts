import type { Interval, SegmentList } from './segments.js';

/**
 * A folded state at rest: some tens of bytes where objects would take a KB, for whoever holds the states of all streams
 * of a ledger at once.
 */
export interface Packing<S> {
  /** Writes a state that was folded from events which fit their schemas. Of others it may be that `writer.fits` is false. */
  pack(state: S, writer: PackWriter): void;
  /** The state that was packed, equal in every field. */
  unpack(reader: PackReader): S;
}

/** Texts that many states have in common, such as the id of their batch: kept once, written as a number. */
export class SharedNames {
  private readonly numbers = new Map<string, number>();
  private readonly names: string[] = [];

  numberOf(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    const number = this.names.length;
    this.numbers.set(name, number);
    this.names.push(name);
    return number;
  }

  nameOf(number: number): string {
    return this.names[number] as string;
  }
}

const LONGEST_NUMBER_BYTES = 8;
const LONGEST_TEXT_BYTES = 255;
const TWO_TO_31 = 0x8000_0000;

/** Writes values one after the other; `PackReader` must read the same kinds in the same order. */
export class PackWriter {
  /** False as soon as a value came that has no packed form. Then what was written means nothing: keep the state itself. */
  fits = true;
  private memory = new Uint8Array(1_024);
  private at = 0;

  constructor(private readonly names: SharedNames) {}

  /** Begins with the next state. */
  begin(): void {
    this.fits = true;
    this.at = 0;
  }

  /** What was written since `begin`, in memory that is written over after the next `begin`. */
  written(): Uint8Array {
    return this.memory.subarray(0, this.at);
  }

  /** A safe integer ≥ 0: seven bits a byte, the lowest first. */
  number(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      this.fits = false;
      return;
    }
    this.reserve(LONGEST_NUMBER_BYTES);
    let rest = value;
    while (rest >= TWO_TO_31) {
      this.memory[this.at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      this.memory[this.at++] = (rest & 127) | 128;
      rest >>= 7;
    }
    this.memory[this.at++] = rest;
  }

  /** One of a few values, by its place in the list of them. */
  choice<T>(values: readonly T[], value: T): void {
    this.number(values.indexOf(value));
  }

  /** ASCII, at most 255 characters. */
  text(value: string): void {
    if (typeof value !== 'string' || value.length > LONGEST_TEXT_BYTES) {
      this.fits = false;
      return;
    }
    this.reserve(1 + LONGEST_TEXT_BYTES);
    const { memory } = this;
    let { at } = this;
    memory[at++] = value.length;
    let seen = 0;
    for (let i = 0; i < value.length; i += 1) {
      const code = value.charCodeAt(i);
      seen |= code;
      memory[at++] = code;
    }
    this.at = at;
    if (seen > 127) this.fits = false;
  }

  /** A text that many states have in common. */
  name(value: string): void {
    if (typeof value === 'string') this.number(this.names.numberOf(value));
    else this.fits = false;
  }

  interval(interval: Interval): void {
    if (!Array.isArray(interval) || interval.length !== 2) {
      this.fits = false;
      return;
    }
    this.number(interval[0]);
    this.number(interval[1]);
  }

  list<T>(items: readonly T[], write: (writer: this, item: T) => void): void {
    if (!Array.isArray(items)) {
      this.fits = false;
      return;
    }
    this.number(items.length);
    for (let i = 0; i < items.length; i += 1) write(this, items[i] as T);
  }

  segments(segments: SegmentList): void {
    this.list(segments, writeInterval);
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.memory.length) return;
    const larger = new Uint8Array(2 * this.memory.length);
    larger.set(this.memory);
    this.memory = larger;
  }
}

const writeInterval = (writer: PackWriter, interval: Interval): void => writer.interval(interval);
const readInterval = (reader: PackReader): Interval => reader.interval();

const decoder = new TextDecoder();

/** Reads what `PackWriter` wrote with the same names. */
export class PackReader {
  private memory: Uint8Array = new Uint8Array(0);
  private at = 0;

  constructor(private readonly names: SharedNames) {}

  /** Begins with a state that lies at an offset in some memory. */
  begin(memory: Uint8Array, offset: number): void {
    this.memory = memory;
    this.at = offset;
  }

  number(): number {
    const { memory } = this;
    let byte = memory[this.at++] as number;
    let value = byte & 127;
    for (let weight = 128; byte > 127; weight *= 128) {
      byte = memory[this.at++] as number;
      value += (byte & 127) * weight;
    }
    return value;
  }

  choice<T>(values: readonly T[]): T {
    return values[this.number()] as T;
  }

  text(): string {
    const length = this.memory[this.at] as number;
    const start = this.at + 1;
    this.at = start + length;
    return decoder.decode(this.memory.subarray(start, start + length));
  }

  name(): string {
    return this.names.nameOf(this.number());
  }

  interval(): Interval {
    const start = this.number();
    return [start, this.number()];
  }

  list<T>(read: (reader: this) => T): T[] {
    const items: T[] = [];
    for (let left = this.number(); left > 0; left -= 1) items.push(read(this));
    return items;
  }

  segments(): SegmentList {
    return this.list(readInterval);
  }
}
