/** Answers for gifts that are asked for again and again; of more, the oldest are forgotten. */
const MOST = 2_000;

/** What ends an answer: the next publication that the read models have counted, or an erasure from them. */
export interface TraceEpoch {
  /** Leaves; 0 while nothing is published and counted. */
  readonly publishedSize: number;
  readonly generation: number;
}

interface Kept<T> extends TraceEpoch {
  readonly answer: T;
}

/**
 * What was answered of each gift since the log was last published. Whoever asks again gets the same until the next
 * publication, however long that takes, unless somebody was erased: nobody can watch a trace move from one purchase to the
 * next. In memory, for each process by itself.
 */
export class KeptTraces<T> {
  private readonly kept = new Map<string, Kept<T>>();

  /** Undefined if it has to be computed: also while nothing is published. */
  get(gift: string, { publishedSize, generation }: TraceEpoch): T | undefined {
    const one = this.kept.get(gift);
    return one?.publishedSize === publishedSize && one.generation === generation ? one.answer : undefined;
  }

  keep(gift: string, epoch: TraceEpoch, answer: T): void {
    if (epoch.publishedSize === 0) return;
    this.kept.delete(gift);
    if (this.kept.size >= MOST) this.kept.delete(this.kept.keys().next().value as string);
    this.kept.set(gift, { ...epoch, answer });
  }
}
