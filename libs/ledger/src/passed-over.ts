interface Range {
  readonly first: number;
  end: number;
}

/**
 * Which events of the log a follower need not be given: those that this process has appended itself, and of whose types it
 * has a use for none. So it does not read again what the process has just written.
 */
export class PassedOver {
  private ranges: Range[] = [];

  constructor(private readonly isNeeded: (type: string) => boolean) {}

  /** Events of these types were appended, and stand at the positions from `first` on. */
  appended(first: number, types: readonly string[]): void {
    if (types.some(this.isNeeded)) return;
    const last = this.ranges.at(-1);
    if (last?.end === first) last.end += types.length;
    else this.ranges.push({ first, end: first + types.length });
    // Nobody asks while nobody follows; what is dropped here is read.
    if (this.ranges.length > MAX_RANGES) this.ranges.shift();
  }

  /** The first position, from this one on, that has to be read. Positions are asked for in ascending order. */
  from(position: number): number {
    let next = position;
    // Single appends and bulk ones go over two connections, so that they may be told of in another order.
    this.ranges.sort((a, b) => a.first - b.first);
    for (const { first, end } of this.ranges) if (first <= next && next < end) next = end;
    this.ranges = this.ranges.filter(({ end }) => end > next);
    return next;
  }
}

const MAX_RANGES = 10_000;
