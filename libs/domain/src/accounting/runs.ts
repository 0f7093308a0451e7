/** What one address is doing. `moved`: its fen has a newer address elsewhere. `issued` is the spendable part of committed. */
export const fenStates = [
  'free',
  'in_transit',
  'committed',
  'issued',
  'redeemed',
  'recoverable',
  'refund_reserved',
  'refunded',
  'administration_spent',
  'moved',
] as const;

export type FenState = (typeof fenStates)[number];

/** A part of a line that was not in the state it should have been in. */
export interface Conflict {
  readonly start: number;
  readonly length: number;
  /** Undefined: beyond the end of the line. */
  readonly actual: FenState | undefined;
}

interface Block {
  readonly starts: number[];
  readonly states: FenState[];
}

const LARGEST_BLOCK = 256;

export type StateTotals = Record<FenState, number>;

export function zeroTotals(): StateTotals {
  return Object.fromEntries(fenStates.map((state) => [state, 0])) as StateTotals;
}

/**
 * A number line as runs of equal state, in blocks, so that changing one of a million vouchers costs two binary searches
 * and a short splice. A run ends where the next begins, or with the line; neighbours in a block differ in state.
 * Mutable: it is the auditor's accumulator, not a decider's state.
 */
export class RunLine {
  length = 0;
  readonly totals = zeroTotals();
  private readonly blocks: Block[] = [];

  /** `all` are totals over many lines, which this line keeps up to date as well. */
  constructor(private readonly all: StateTotals) {}

  append(length: number, state: FenState): void {
    const last = this.blocks[this.blocks.length - 1];
    if (last === undefined) this.blocks.push({ starts: [this.length], states: [state] });
    else if (last.states[last.states.length - 1] !== state)
      this.insert(this.blocks.length - 1, last.starts.length, this.length, state);
    this.length += length;
    this.totals[state] += length;
    this.all[state] += length;
  }

  /**
   * Puts `[start, start + length)` into state `to`; all of it should be in state `from`. What was not is reported, and put
   * into `to` all the same, so that each fen stays in exactly one state.
   */
  change(start: number, length: number, from: FenState, to: FenState): readonly Conflict[] {
    let conflicts: Conflict[] | undefined;
    const end = start + length;
    let at = start;
    while (at < end) {
      if (at >= this.length || at < 0) {
        (conflicts ??= []).push({ start: at, length: end - at, actual: undefined });
        break;
      }
      const blockIndex = this.blockAt(at);
      const block = this.blocks[blockIndex] as Block;
      const index = lastNotAfter(block.starts, at);
      const state = block.states[index] as FenState;
      const until = Math.min(end, this.endOf(blockIndex, index));
      if (state !== from) (conflicts ??= []).push({ start: at, length: until - at, actual: state });
      if (state !== to) this.paint({ blockIndex, index, at, until }, state, to);
      at = until;
    }
    return conflicts ?? [];
  }

  /** The runs in order, for tests and displays. */
  runs(): readonly (readonly [start: number, length: number, state: FenState])[] {
    return this.blocks.flatMap((block, blockIndex) =>
      block.starts.map((start, index): [number, number, FenState] => [
        start,
        this.endOf(blockIndex, index) - start,
        block.states[index] as FenState,
      ]),
    );
  }

  /** Paints a part of one run; the pieces before and after it keep their state. */
  private paint(
    where: { readonly blockIndex: number; readonly index: number; readonly at: number; readonly until: number },
    state: FenState,
    to: FenState,
  ): void {
    const { blockIndex, index, at, until } = where;
    const { starts, states } = this.blocks[blockIndex] as Block;
    const runEnd = this.endOf(blockIndex, index);
    const length = until - at;
    this.totals[state] -= length;
    this.totals[to] += length;
    this.all[state] -= length;
    this.all[to] += length;
    const startsRun = starts[index] === at;
    const joinsLeft = startsRun && index > 0 && states[index - 1] === to;
    const joinsRight = until === runEnd && index + 1 < starts.length && states[index + 1] === to;
    // What was spent of a voucher grows at the cost of what is left, so that the runs mostly stay as many as they were.
    if (startsRun && !joinsRight && joinsLeft === until < runEnd) {
      starts[index] = joinsLeft ? until : at;
      if (!joinsLeft) states[index] = to;
      return;
    }
    const newStarts: number[] = startsRun ? [] : [starts[index] as number];
    const newStates: FenState[] = startsRun ? [] : [state];
    if (!joinsLeft) {
      newStarts.push(at);
      newStates.push(to);
    }
    if (until < runEnd) {
      newStarts.push(until);
      newStates.push(state);
    }
    const replaced = joinsRight ? 2 : 1;
    starts.splice(index, replaced, ...newStarts);
    states.splice(index, replaced, ...newStates);
    if (starts.length > LARGEST_BLOCK) this.halve(blockIndex);
  }

  private insert(blockIndex: number, index: number, start: number, state: FenState): void {
    const block = this.blocks[blockIndex] as Block;
    block.starts.splice(index, 0, start);
    block.states.splice(index, 0, state);
    if (block.starts.length > LARGEST_BLOCK) this.halve(blockIndex);
  }

  private halve(blockIndex: number): void {
    const { starts, states } = this.blocks[blockIndex] as Block;
    const half = starts.length >>> 1;
    this.blocks.splice(blockIndex + 1, 0, { starts: starts.splice(half), states: states.splice(half) });
  }

  private endOf(blockIndex: number, index: number): number {
    return (
      (this.blocks[blockIndex] as Block).starts[index + 1] ?? this.blocks[blockIndex + 1]?.starts[0] ?? this.length
    );
  }

  private blockAt(address: number): number {
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (((this.blocks[middle] as Block).starts[0] as number) <= address) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function lastNotAfter(starts: readonly number[], address: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] as number) <= address) low = middle;
    else high = middle - 1;
  }
  return low;
}
