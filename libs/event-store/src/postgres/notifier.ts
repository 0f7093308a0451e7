import type { Client, ClientConfig } from 'pg';
import { breakConnection, connect } from './connection.js';

const longestPauseMilliseconds = 2_000;

/**
 * Wakes the subscriptions of one store: when PostgreSQL notifies of a commit, when this store has written itself, when
 * the listening connection was made anew. A wake-up may come too often and may get lost; readers also poll.
 */
export class Notifier {
  private wakers = new Set<() => void>();
  private count = 0;
  private users = 0;
  private listening: Promise<void> | undefined;
  private client: Client | undefined;
  private closed = false;
  private endPause: () => void = () => undefined;

  constructor(
    private readonly config: ClientConfig,
    private readonly channel: string,
  ) {}

  /** Keeps the listening connection up while at least one user is there. */
  enter(): void {
    this.users += 1;
    this.listening ??= this.listen();
  }

  leave(): void {
    this.users -= 1;
    if (this.users === 0) this.hangUp();
  }

  /** How many wake-ups there were. Ask before reading, so that one that comes while reading is not missed. */
  get wakeUps(): number {
    return this.count;
  }

  wake(): void {
    this.count += 1;
    for (const waker of [...this.wakers]) waker();
  }

  /** Resolves at the first wake-up after those counted, on abort, or when the time is over. */
  wait(after: number, signal: AbortSignal, milliseconds: number): Promise<void> {
    if (this.count > after || signal.aborted || this.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.wakers.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.wakers.add(done);
      signal.addEventListener('abort', done);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.wake();
    this.hangUp();
    await this.listening;
  }

  private async listen(): Promise<void> {
    let pause = 50;
    while (this.users > 0 && !this.closed) {
      try {
        const client = await connect(this.config);
        this.client = client;
        const ended = new Promise<void>((resolve) => client.once('end', resolve));
        client.on('notification', () => this.wake());
        await client.query(`LISTEN ${this.channel}`);
        pause = 50;
        this.wake();
        if (this.users === 0 || this.closed) this.hangUp();
        await ended;
      } catch {
        if (this.client) breakConnection(this.client);
      }
      this.client = undefined;
      if (this.users > 0 && !this.closed) await this.rest(pause);
      pause = Math.min(pause * 2, longestPauseMilliseconds);
    }
    this.listening = undefined;
  }

  private rest(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private hangUp(): void {
    this.endPause();
    if (this.client) breakConnection(this.client);
  }
}
