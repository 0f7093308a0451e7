/**
 * A process of its own that appends to a KurrentDB and follows it: `node racing-worker.js <esdb://…>`, with a parent that
 * gives the orders. It ends with its parent.
 */
import { plain } from '../../contract/samples.js';
import { StoreUnavailable, type AppendOutcome, type StoredEvent } from '../../port.js';
import { createKurrentEventStore } from '../kurrent-event-store.js';
import type { Answer, Order, Sight } from './racing-process.js';

const store = createKurrentEventStore({ connectionString: process.argv[2] ?? '' });
const followed: StoredEvent[] = [];
let arrived: () => void = () => undefined;

void store.subscribe({
  from: 0,
  signal: new AbortController().signal,
  handle: async (events) => {
    followed.push(...events.map(plain));
    arrived();
  },
});
process.on('message', (order: Order) => void obey(order).then((answer) => process.send?.(answer)));
process.on('disconnect', () => process.exit(0));

async function obey(order: Order): Promise<Answer> {
  try {
    return order.does === 'append' ? { outcomes: await append(order) } : { sight: await look(order.events) };
  } catch (fault) {
    return { fault: String(fault) };
  }
}

async function append({ appends, inBulk }: Order & { readonly does: 'append' }): Promise<readonly AppendOutcome[]> {
  if (inBulk) return known(() => store.appendMany(appends));
  return Promise.all(appends.map((each) => known(() => store.append(each))));
}

/** Repeats the same call while its outcome is unknown, as the contract wants it. */
async function known<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (fault) {
      if (!(fault instanceof StoreUnavailable) || attempt === 20) throw fault;
    }
  }
}

/** Waits until the subscription has given so many events. */
async function look(events: number): Promise<Sight> {
  while (followed.length < events) await new Promise<void>((resolve) => (arrived = resolve));
  const read: StoredEvent[] = [];
  for await (const batch of store.readAll()) read.push(...batch.map(plain));
  return { followed, read, head: await store.head() };
}
