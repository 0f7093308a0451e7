import {
  EventStoreDBClient,
  jsonEvent,
  type AllStreamSubscription,
  type StreamSubscription,
} from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';

/** What a spec opened, to be closed after it. */
export class Opened {
  readonly #closers: (() => Promise<unknown>)[] = [];

  client(connectionString: string): EventStoreDBClient {
    const client = EventStoreDBClient.connectionString(connectionString);
    // Of a client whose connection was destroyed, dispose may never return.
    this.#closers.push(() => Promise.race([client.dispose(), later(500, undefined, { ref: false })]));
    return client;
  }

  async server<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
    const server = await starting;
    this.#closers.push(() => server.stop());
    return server;
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }
}

/** To the end: whoever leaves such a loop early leaves the call open. */
export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}

export function gift(n: number, id: string = randomUUID()) {
  return jsonEvent({ type: 'Gift', id, data: { n } });
}

export function gifts(count: number, first = 0) {
  return Array.from({ length: count }, (_, at) => gift(first + at));
}

/** Everything that a subscription tells, in order. */
export class Followed {
  readonly told: string[] = [];
  readonly errors: Error[] = [];

  constructor(readonly subscription: AllStreamSubscription | StreamSubscription) {
    const tell = (what: string) => () => this.told.push(what);
    subscription.on('confirmation', tell('confirmed'));
    subscription.on('caughtUp', tell('caught up'));
    subscription.on('error', (error) => this.errors.push(error));
    subscription.on('data', ({ event }: { event?: { streamId: string; revision: bigint } }) =>
      this.told.push(`${event?.streamId}@${event?.revision}`),
    );
  }

  /** Only the events of a user. */
  get events(): string[] {
    return this.told.filter((one) => one.includes('@') && !one.startsWith('$'));
  }

  async until(happened: (followed: this) => boolean): Promise<void> {
    for (let tries = 0; !happened(this); tries += 1) {
      if (tries > 1000) throw new Error(`It did not happen; told: ${this.told.slice(-20).join(', ')}`);
      await later(5);
    }
  }
}
