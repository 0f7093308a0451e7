/** Answers for gifts that are asked for again and again; of more, the oldest are forgotten. */
const MOST = 2_000;
/** Where nothing is published for long, what was erased meanwhile must not be told on. */
const LONGEST_MILLISECONDS = 15 * 60_000;

interface Kept<T> {
  readonly publishedSize: number;
  readonly at: number;
  readonly answer: T;
}

/**
 * What was answered of each gift since the log was last published. Whoever asks again gets the same until the next
 * publication, for a quarter of an hour at most: nobody can watch a trace move from one purchase to the next. In memory, for each process by itself.
 */
export class KeptTraces<T> {
  private readonly kept = new Map<string, Kept<T>>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Undefined if it has to be computed: also while nothing is published. */
  get(gift: string, publishedSize: number): T | undefined {
    const one = this.kept.get(gift);
    if (one?.publishedSize !== publishedSize || this.now() - one.at > LONGEST_MILLISECONDS) return undefined;
    return one.answer;
  }

  keep(gift: string, publishedSize: number, answer: T): void {
    if (publishedSize === 0) return;
    this.kept.delete(gift);
    if (this.kept.size >= MOST) this.kept.delete(this.kept.keys().next().value as string);
    this.kept.set(gift, { publishedSize, at: this.now(), answer });
  }
}
