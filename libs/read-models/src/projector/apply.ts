import type pg from 'pg';
import { checkTypesOrThrow, project } from '../projections/index.js';
import type { ProjectedEvent } from '../projected-event.js';
import { loadCutoffs, loadFigureState, loadWork } from './load.js';
import { CHECKPOINT } from './schema.js';
import type { Work } from './work.js';
import { writeWork } from './write.js';

/** Where this projector believes the tables to be; what it caches holds only while the database agrees. */
export interface Place {
  nextPosition: number;
  /** Counts rebuilds; 0 before the checkpoint was first read. */
  generation: number;
}

export type Applied =
  | { readonly status: 'applied'; readonly nextPosition: number }
  /** Another projector is elsewhere: the events to apply next start at `nextPosition`. */
  | { readonly status: 'elsewhere'; readonly nextPosition: number };

/**
 * Applies a batch exactly once. The checkpoint row is locked first, so two projectors take turns; rows and checkpoint
 * change in one transaction, so a crash anywhere leaves either all of the batch or nothing of it.
 */
export async function applyBatch(
  client: pg.ClientBase,
  options: { readonly work: Work; readonly place: Place; readonly events: readonly ProjectedEvent[] },
): Promise<Applied> {
  const { work, place, events } = options;
  const first = events[0];
  if (first === undefined) return { status: 'applied', nextPosition: place.nextPosition };
  try {
    return await transact(client, { work, place, events, from: first.position });
  } catch (error) {
    place.generation = 0;
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function transact(
  client: pg.ClientBase,
  options: { work: Work; place: Place; events: readonly ProjectedEvent[]; from: number },
): Promise<Applied> {
  const { work, place, events, from } = options;
  const [, , checkpoint] = await Promise.all([
    client.query('begin'),
    // A lost tail of commits loses rows and checkpoint together and is applied again; waiting for the disk buys nothing.
    client.query('set local synchronous_commit = off'),
    client.query<{ next_position: number; generation: number }>({
      name: 'lock_checkpoint',
      text: `select next_position, generation from ${work.schema}.checkpoint where name = $1 for update`,
      values: [CHECKPOINT],
    }),
  ]);
  const row = checkpoint.rows[0];
  if (row === undefined) throw new Error('The read models have no checkpoint of this version.');
  if (row.generation !== place.generation || row.next_position !== place.nextPosition) {
    work.forget();
    await Promise.all([loadCutoffs(client, work), loadFigureState(client, work)]);
  }
  place.nextPosition = row.next_position;
  place.generation = row.generation;
  const fresh = events.filter((event) => event.position >= row.next_position);
  if (from > row.next_position || fresh.length === 0) {
    await client.query('rollback');
    return { status: 'elsewhere', nextPosition: row.next_position };
  }
  checkTypesOrThrow(fresh);
  await loadWork(client, work, fresh);
  for (const event of fresh) project(event, work);
  const next = row.next_position + fresh.length;
  await writeWork(client, work);
  await Promise.all([
    client.query({
      name: 'move_checkpoint',
      text: `update ${work.schema}.checkpoint set next_position = $2 where name = $1`,
      values: [CHECKPOINT, next],
    }),
    client.query('commit'),
  ]);
  place.nextPosition = next;
  for (const store of work.tooLarge()) store.forgetOldest();
  return { status: 'applied', nextPosition: next };
}
