import type pg from 'pg';
import type { EventStore } from '@aidtrail/event-store';
import type { DisclosureReader, ProjectedEvent } from '../projected-event.js';
import { generationOf } from './generation.js';
import { applyBatch, type Place } from './apply.js';
import { connect } from './connection.js';
import { decodeEvents } from './decode.js';
import { Fill } from './fill.js';
import { CHECKPOINT, createNext, ensureSchema, NEXT, replaceByNext, takeRebuildLock, type Replaced } from './schema.js';
import { createWork } from './work.js';

export interface RebuildOptions {
  readonly store: EventStore;
  readonly disclosures: DisclosureReader;
  readonly connectionString: string;
  readonly onProgress?: (done: number, head: number) => void;
}

const EVENTS_AT_ONCE = 1_000;
/** Batches whose keys are looked up while others are applied. */
const BATCHES_AHEAD = 3;
/** How often somebody may be erased while a rebuild is under way before it gives up. */
const MAX_ATTEMPTS = 5;

/**
 * Makes all tables again from position 0, beside the present ones, and then puts them in their place. A rebuild that is
 * cut off has changed nothing. Resolves to the next position.
 */
export async function rebuildTables(options: RebuildOptions): Promise<number> {
  const { client, close } = await connect(options.connectionString);
  try {
    await ensureSchema(client);
    if (!(await takeRebuildLock(client))) throw new Error('The read models are being rebuilt already.');
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const generation = await generationOf(client);
      const next = await fillNext(client, generation + 1, options);
      // The generation of nothing: what is to be known of the tables is read from them first.
      const place: Place = { nextPosition: next, generation: 0 };
      const replaced = await followAndReplace(client, { ...options, place, generation });
      if (replaced === 'replaced') return place.nextPosition;
    }
    throw new Error('Somebody was erased during each attempt to rebuild the read models: rebuild them again.');
  } finally {
    await close();
  }
}

async function fillNext(client: pg.ClientBase, generation: number, options: RebuildOptions): Promise<number> {
  const { disclosures, onProgress, store } = options;
  await createNext(client);
  const head = await store.head();
  const fill = await Fill.begin(options.connectionString);
  const decoding: Promise<readonly ProjectedEvent[]>[] = [];
  let next = 0;
  const applyFirst = async () => {
    const events = (await decoding.shift()) as readonly ProjectedEvent[];
    await fill.apply(events);
    next += events.length;
    onProgress?.(next, head);
  };
  try {
    for await (const stored of store.readAll({ before: head, batchSize: EVENTS_AT_ONCE })) {
      const events = decodeEvents(stored, disclosures);
      // It is awaited in its turn; until then a failure must not count as unhandled.
      events.catch(() => undefined);
      decoding.push(events);
      if (decoding.length > BATCHES_AHEAD) await applyFirst();
    }
    while (decoding.length > 0) await applyFirst();
    await fill.finish();
  } finally {
    await fill.close();
  }
  await client.query(`insert into ${NEXT}.checkpoint values ($1, $2, $3)`, [CHECKPOINT, next, generation]);
  return next;
}

/** What was appended meanwhile is projected as it always is; then the new tables are no older than the present ones. */
async function followAndReplace(
  client: pg.ClientBase,
  options: RebuildOptions & { readonly place: Place; readonly generation: number },
): Promise<Exclude<Replaced, 'behind'>> {
  const { disclosures, generation, place, store } = options;
  const work = createWork(NEXT);
  for (;;) {
    for await (const stored of store.readAll({ from: place.nextPosition, batchSize: EVENTS_AT_ONCE }))
      await applyBatch(client, { work, place, events: await decodeEvents(stored, disclosures) });
    const replaced = await replaceByNext(client, { generation, head: await store.head() });
    if (replaced !== 'behind') return replaced;
  }
}
