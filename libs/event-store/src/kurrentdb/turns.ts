/** Lets tasks that share a key run one after the other, in the order in which they came; others do not wait. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  take<T>(keys: readonly string[], task: () => Promise<T>): Promise<T> {
    const before = keys.map((key) => this.last.get(key)).filter((promise) => promise !== undefined);
    // Each waits for earlier ones only, so they cannot wait for each other.
    const running = before.length === 0 ? task() : Promise.all(before).then(task);
    const ended = running.then(nothing, nothing).then(() => {
      for (const key of keys) if (this.last.get(key) === ended) this.last.delete(key);
    });
    for (const key of keys) this.last.set(key, ended);
    return running;
  }

  /** Resolves when every task that was begun so far has ended. */
  async finish(): Promise<void> {
    await Promise.all(this.last.values());
  }
}

const nothing = (): void => undefined;
