interface Waiting<J, R> {
  readonly job: J;
  readonly resolve: (result: R) => void;
  readonly reject: (reason: unknown) => void;
}

export interface GatheringOptions<J, R> {
  /** Messages that may be out at a time: one a thread. */
  readonly atOnce: number;
  /** Jobs in a message, at most. */
  readonly most: number;
  /** Does the jobs of one message; an `Error` in the place of a result is that job's own fault. */
  readonly run: (jobs: readonly J[]) => Promise<readonly (R | Error)[]>;
}

/**
 * Many small jobs in few messages: what comes in during one turn of the event loop, or while every thread has a message
 * already, goes together. A lone job waits for nobody.
 */
export class Gathering<J, R> {
  private waiting: Waiting<J, R>[] = [];
  private running = 0;
  private scheduled = false;

  constructor(private readonly options: GatheringOptions<J, R>) {}

  submit(job: J): Promise<R> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ job, resolve, reject });
      this.schedule();
    });
  }

  /** Sends what waits, without waiting for more. */
  flush(): void {
    this.scheduled = false;
    const { atOnce, most } = this.options;
    while (this.waiting.length > 0 && this.running < atOnce) {
      // Spread over the threads: a burst must not wait for one of them.
      const share = Math.ceil(this.waiting.length / (atOnce - this.running));
      this.send(this.waiting.splice(0, Math.min(share, most)));
    }
  }

  private schedule(): void {
    if (this.scheduled || this.waiting.length === 0 || this.running >= this.options.atOnce) return;
    this.scheduled = true;
    setImmediate(() => this.flush());
  }

  private send(part: readonly Waiting<J, R>[]): void {
    this.running += 1;
    void this.options
      .run(part.map(({ job }) => job))
      .then(
        (results) =>
          part.forEach(({ resolve, reject }, i) => {
            const result = results[i];
            if (result instanceof Error) reject(result);
            else resolve(result as R);
          }),
        (fault: unknown) => part.forEach(({ reject }) => reject(fault)),
      )
      .finally(() => {
        this.running -= 1;
        this.schedule();
      });
  }
}
