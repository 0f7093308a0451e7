interface Waiting<V> {
  readonly keys: readonly string[];
  readonly resolve: (values: ReadonlyMap<string, V>) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Turns the look-ups of one turn of the event loop, or of the time that the look-up before takes, into one: 64 tills that
 * redeem at once cost a few queries, not 64. A failed look-up fails for all who waited for it.
 */
export class Coalescer<V> {
  private waiting: Waiting<V>[] = [];
  private scheduled = false;
  private running = false;

  constructor(private readonly lookUp: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>) {}

  get(keys: readonly string[]): Promise<ReadonlyMap<string, V>> {
    if (keys.length === 0) return Promise.resolve(new Map());
    return new Promise((resolve, reject) => {
      this.waiting.push({ keys, resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled || this.running || this.waiting.length === 0) return;
    this.scheduled = true;
    setImmediate(() => this.flush());
  }

  private flush(): void {
    const batch = this.waiting;
    this.waiting = [];
    this.scheduled = false;
    this.running = true;
    const keys = batch.length === 1 ? (batch[0]?.keys ?? []) : [...new Set(batch.flatMap((one) => one.keys))];
    void this.lookUp(keys)
      .then(
        (values) => batch.forEach(({ resolve }) => resolve(values)),
        (error: unknown) => batch.forEach(({ reject }) => reject(error)),
      )
      .finally(() => {
        this.running = false;
        this.schedule();
      });
  }
}
