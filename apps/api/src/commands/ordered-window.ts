/**
 * Works on a stream of items, at most `width` at a time, and gives the results in the order of the items as soon as they
 * are there. Items are taken only while there is room, so a slow reader of the results slows the writer of the items
 * down. `work` must not reject. When the reader stops early, what has begun is finished and no more is taken.
 */
export async function* orderedWindow<T, R>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<R>,
  width: number,
): AsyncGenerator<R, void, undefined> {
  const begun: Promise<R>[] = [];
  const state = { ended: false, stopped: false, fault: undefined as unknown };
  const changed = new Signal();
  const source = items[Symbol.asyncIterator]();

  void (async () => {
    try {
      while (!state.stopped) {
        while (begun.length >= width && !state.stopped) await changed.wait();
        if (state.stopped) return;
        const next = await source.next();
        if (next.done === true) return;
        begun.push(work(next.value));
        changed.notify();
      }
    } catch (fault) {
      state.fault = fault;
    } finally {
      state.ended = true;
      changed.notify();
    }
  })();

  try {
    for (;;) {
      const [oldest] = begun;
      if (oldest !== undefined) {
        const result = await oldest;
        void begun.shift();
        changed.notify();
        yield result;
      } else if (state.ended) {
        break;
      } else {
        await changed.wait();
      }
    }
    if (state.fault !== undefined) throw state.fault as Error;
  } finally {
    state.stopped = true;
    changed.notify();
    // The source may be waiting for input that never comes; ending it must not wait for that.
    void Promise.resolve(source.return?.()).catch(() => undefined);
    await Promise.all(begun);
  }
}

/** Wakes all that wait for the next change. */
class Signal {
  private waiting: (() => void)[] = [];

  wait(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  notify(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const wake of waiting) wake();
  }
}
