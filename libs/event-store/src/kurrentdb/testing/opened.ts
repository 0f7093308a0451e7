import { startKurrentServer, type KurrentServer, type KurrentServerOptions } from '@aidtrail/testing/kurrentdb';
import { StoreUnavailable, type EventStore } from '../../port.js';
import { createKurrentEventStore } from '../kurrent-event-store.js';

/** What a spec has opened, closed in the opposite order. */
export class Opened {
  private closers: (() => Promise<unknown>)[] = [];

  add(close: () => Promise<unknown>): void {
    this.closers.push(close);
  }

  async server(options: KurrentServerOptions = {}): Promise<KurrentServer> {
    const started = await startKurrentServer(options);
    this.add(() => started.stop());
    return started;
  }

  store(connectionString: string): EventStore {
    const opened = createKurrentEventStore({ connectionString });
    this.add(() => opened.close());
    return opened;
  }

  async close(): Promise<void> {
    for (const close of this.closers.reverse()) await close();
    this.closers = [];
  }
}

/** Repeats a call while the store is not there. */
export async function untilServed<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
