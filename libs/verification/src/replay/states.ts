/** A folded stream. */
export interface FoldedStream {
  /** Number of its events. */
  readonly version: number;
  readonly state: unknown;
}

/** The states of all streams of one concept. */
export interface States {
  /** Number of streams. */
  readonly size: number;
  /** Undefined if there is no such stream. */
  get(stream: string): FoldedStream | undefined;
  /** Puts what `advance` makes of a stream into its place. If it throws, nothing has changed. */
  update(stream: string, advance: (before: FoldedStream) => FoldedStream): void;
  /** Puts a stream into its place. */
  set(stream: string, folded: FoldedStream): void;
  /** In no particular order. */
  entries(): Iterable<readonly [stream: string, folded: FoldedStream]>;
}

/** States kept as they are. */
export class WholeStates implements States {
  private readonly streams = new Map<string, FoldedStream>();

  constructor(private readonly initial: unknown) {}

  get size(): number {
    return this.streams.size;
  }

  get(stream: string): FoldedStream | undefined {
    return this.streams.get(stream);
  }

  update(stream: string, advance: (before: FoldedStream) => FoldedStream): void {
    this.set(stream, advance(this.get(stream) ?? { version: 0, state: this.initial }));
  }

  set(stream: string, folded: FoldedStream): void {
    this.streams.set(stream, folded);
  }

  entries(): Iterable<readonly [string, FoldedStream]> {
    return this.streams;
  }
}
