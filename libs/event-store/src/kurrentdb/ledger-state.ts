import type { Commit } from './records.js';
import { IdTable } from './id-table.js';

/** A place in `$all`. Both are kept: a position of which only the commit is known does not name one event. */
export interface AllPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** The batch as `$all` shows it: where its last event lies, and what that says. */
export interface PlacedBatch {
  readonly stream: string;
  readonly lastRevision: number;
  readonly commit: Commit;
}

export type Verdict = { readonly stored: true; readonly firstPosition: number } | { readonly stored: false };

/** From here on the events of the ledger are counted on: the first after `after` has this position. */
export interface Mark {
  readonly position: number;
  readonly after: AllPosition | undefined;
}

/** Revisions of a stream that hold no event of the ledger: a batch that `$all` decided against. */
export interface VoidRange {
  readonly from: number;
  readonly count: number;
}

/** Where the outcome of a command is: with the events that it accepted, or in a record of its own. */
export type OutcomePlace = { readonly acceptedAt: number } | 'alone';

const markEvery = 32;
const alone = 0xffff_ffff;

/**
 * What follows from the batches and refusals of `$all` up to a place, one after the other. The same in every process,
 * because it depends on nothing else. A batch counts if its command is undecided, none of its ids is stored, and its
 * stream has the version that it expected; otherwise it is void: its events keep their revisions in KurrentDB, but are
 * no events of the ledger.
 */
export class LedgerState {
  readonly ids = new IdTable();
  readonly commands = new IdTable();
  /** For each command the position of the last event of its batch, or `alone`. */
  private readonly commandPlaces = new Numbers();
  /** For each event a fingerprint of its stream and revision. */
  private readonly places = new Numbers();
  readonly voids = new Map<string, VoidRange[]>();
  readonly marks: Mark[] = [{ position: 0, after: undefined }];
  /** The last batch or refusal that was taken in. */
  last: AllPosition | undefined;

  get head(): number {
    return this.ids.size;
  }

  takeBatch({ stream, lastRevision, commit }: PlacedBatch, at: AllPosition): Verdict {
    const { ids, commandId, expectedVersion } = commit;
    const firstRevision = lastRevision + 1 - ids.length;
    this.last = at;
    if (
      (commandId !== undefined && this.commands.has(commandId)) ||
      ids.some((id) => this.ids.has(id)) ||
      firstRevision - this.voidsBelow(stream, firstRevision) !== expectedVersion
    ) {
      this.addVoid(stream, { from: firstRevision, count: ids.length });
      return { stored: false };
    }
    const firstPosition = this.head;
    const streamPrint = printOf(stream);
    ids.forEach((id, i) => this.addEvent(id, placeOf(streamPrint, firstRevision + i)));
    if (commandId !== undefined) this.addCommand(commandId, this.head - 1);
    if (this.head - (this.marks.at(-1) as Mark).position >= markEvery) this.addMark({ position: this.head, after: at });
    return { stored: true, firstPosition };
  }

  /** False if the command was decided before. */
  takeLoneOutcome(commandId: string, at: AllPosition): boolean {
    this.last = at;
    if (this.commands.has(commandId)) return false;
    this.addCommand(commandId, alone);
    return true;
  }

  outcomePlace(commandId: string): OutcomePlace | undefined {
    const index = this.commands.find(commandId);
    if (index < 0) return undefined;
    const place = this.commandPlaces.at(index);
    return place === alone ? 'alone' : { acceptedAt: place };
  }

  /** Whether `$all` has been followed beyond this event of KurrentDB: it counts or is void. */
  knows(stream: string, revision: number, id: string): boolean {
    if (this.isVoid(stream, revision)) return true;
    const position = this.ids.find(id);
    return position >= 0 && this.places.at(position) === placeOf(printOf(stream), revision);
  }

  isVoid(stream: string, revision: number): boolean {
    return this.voids.get(stream)?.some(({ from, count }) => revision >= from && revision < from + count) ?? false;
  }

  /** How many of a stream's revisions below this one are void. Batches are void as a whole. */
  voidsBelow(stream: string, revision: number): number {
    let sum = 0;
    for (const { from, count } of this.voids.get(stream) ?? []) if (from < revision) sum += count;
    return sum;
  }

  /** The mark from which to count on to an event. */
  markFor(position: number): Mark {
    let low = 0;
    let high = this.marks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.marks[middle] as Mark).position <= position) low = middle;
      else high = middle - 1;
    }
    return this.marks[low] as Mark;
  }

  addEvent(id: string, place: number): void {
    this.ids.add(id);
    this.places.push(place);
  }

  addCommand(commandId: string, place: number): void {
    this.commands.add(commandId);
    this.commandPlaces.push(place);
  }

  addVoid(stream: string, range: VoidRange): void {
    const known = this.voids.get(stream);
    if (known) known.push(range);
    else this.voids.set(stream, [range]);
  }

  addMark(mark: Mark): void {
    this.marks.push(mark);
  }

  eventPlace(position: number): number {
    return this.places.at(position);
  }

  commandPlace(index: number): number {
    return this.commandPlaces.at(index);
  }
}

/** Numbers below 2³², four bytes each. */
class Numbers {
  private kept = new Uint32Array(1_024);
  private count = 0;

  push(value: number): void {
    if (this.count === this.kept.length) {
      const larger = new Uint32Array(this.kept.length * 2);
      larger.set(this.kept);
      this.kept = larger;
    }
    this.kept[this.count] = value;
    this.count += 1;
  }

  at(index: number): number {
    return this.kept[index] as number;
  }
}

/** FNV-1a. */
function printOf(stream: string): number {
  let print = 0x811c9dc5;
  for (let i = 0; i < stream.length; i += 1) print = Math.imul(print ^ stream.charCodeAt(i), 0x01000193);
  return print >>> 0;
}

function placeOf(streamPrint: number, revision: number): number {
  return Math.imul(streamPrint ^ Math.imul(revision + 1, 0x9e3779b1), 0x85ebca6b) >>> 0;
}
