import {
  ANY,
  BACKWARDS,
  END,
  ErrorType,
  FORWARDS,
  NO_STREAM,
  START,
  STREAM_EXISTS,
  type AppendExpectedRevision,
  type EventStoreDBClient,
  type ReadRevision,
} from '@eventstore/db-client';
import fc from 'fast-check';
import { startKurrentServer } from './server.js';
import { collect, gift, Opened } from './spec-client.js';

/** What one or several callers do; streams are few, so that they meet. */
type Step =
  | { does: 'append'; stream: string; count: number; expected: 'any' | 'none' | 'exists' | 'last' | 'before' | 'ahead' }
  | { does: 'repeat'; append: number }
  | { does: 'read'; stream: string; backwards: boolean; from: number | undefined; maxCount: number }
  | { does: 'readAll'; backwards: boolean };

const stream = fc.constantFrom('a', 'b', 'c');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    does: fc.constant('append' as const),
    stream,
    count: fc.integer({ min: 1, max: 4 }),
    expected: fc.constantFrom('any', 'none', 'exists', 'last', 'before', 'ahead'),
  }),
  fc.record({ does: fc.constant('repeat' as const), append: fc.nat(20) }),
  fc.record({
    does: fc.constant('read' as const),
    stream,
    backwards: fc.boolean(),
    from: fc.option(fc.nat(12), { nil: undefined }),
    maxCount: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({ does: fc.constant('readAll' as const), backwards: fc.boolean() }),
);

/** As naive as can be: lists of ids. */
class Model {
  readonly all: { stream: string; id: string }[] = [];
  readonly appends: { stream: string; ids: string[]; expected: AppendExpectedRevision; revision: bigint }[] = [];

  of(name: string): string[] {
    return this.all.filter((event) => event.stream === name).map(({ id }) => id);
  }
}

const opened = new Opened();
afterEach(() => opened.close());

let nextId = 0;
function freshId(): string {
  nextId += 1;
  return `10000000-0000-4000-8000-${nextId.toString(16).padStart(12, '0')}`;
}

async function play(client: EventStoreDBClient, model: Model, one: Step): Promise<void> {
  if (one.does === 'append') return append(client, model, one);
  if (one.does === 'repeat') {
    const known = model.appends[one.append];
    if (known === undefined) return;
    const events = known.ids.map((id) => gift(0, id));
    const again = await client.appendToStream(known.stream, events, { expectedRevision: known.expected });
    expect(again.nextExpectedRevision).toBe(known.revision);
    return;
  }
  const direction = one.backwards ? BACKWARDS : FORWARDS;
  if (one.does === 'readAll') {
    const events = await collect(client.readAll({ direction, ...(one.backwards ? { fromPosition: END } : {}) }));
    const ids = events.filter(({ event }) => event?.type === 'Gift').map(({ event }) => event?.id);
    const expected = model.all.map(({ id }) => id);
    expect(ids).toEqual(one.backwards ? expected.reverse() : expected);
    return;
  }
  await read(client, model, one);
}

async function append(client: EventStoreDBClient, model: Model, one: Step & { does: 'append' }): Promise<void> {
  const before = model.of(one.stream).length;
  const ids = Array.from({ length: one.count }, freshId);
  const revisions = { any: ANY, none: NO_STREAM, exists: STREAM_EXISTS } as const;
  const numbers = { last: before - 1, before: before - 2, ahead: before };
  const { expected } = one;
  let expectedRevision: AppendExpectedRevision;
  let allowed: boolean;
  if (expected === 'any' || expected === 'none' || expected === 'exists') {
    expectedRevision = revisions[expected];
    allowed = expected === 'any' || (expected === 'none') === (before === 0);
  } else {
    if (numbers[expected] < 0) return;
    expectedRevision = BigInt(numbers[expected]);
    allowed = expected === 'last';
  }
  const events = ids.map((id) => gift(0, id));
  const appending = client.appendToStream(one.stream, events, { expectedRevision });
  if (!allowed) {
    const actualVersion = before === 0 ? NO_STREAM : BigInt(before - 1);
    await expect(appending).rejects.toMatchObject({ type: ErrorType.WRONG_EXPECTED_VERSION, actualVersion });
    return;
  }
  const revision = BigInt(before + one.count - 1);
  expect((await appending).nextExpectedRevision).toBe(revision);
  model.all.push(...ids.map((id) => ({ stream: one.stream, id })));
  model.appends.push({ stream: one.stream, ids, expected: expectedRevision, revision });
}

async function read(client: EventStoreDBClient, model: Model, one: Step & { does: 'read' }): Promise<void> {
  const ids = model.of(one.stream);
  const direction = one.backwards ? BACKWARDS : FORWARDS;
  const unbounded = one.backwards ? END : START;
  const fromRevision: ReadRevision = one.from === undefined ? unbounded : BigInt(one.from);
  const reading = collect(client.readStream(one.stream, { direction, maxCount: one.maxCount, fromRevision }));
  if (ids.length === 0) {
    await expect(reading).rejects.toMatchObject({ type: ErrorType.STREAM_NOT_FOUND });
    return;
  }
  const chosen = one.backwards ? ids.slice(0, (one.from ?? ids.length) + 1).reverse() : ids.slice(one.from ?? 0);
  expect((await reading).map(({ event }) => event?.id)).toEqual(chosen.slice(0, one.maxCount));
}

it.each(['classic', 'batch'] as const)('agrees with a naive model over random lives (%s)', async (appends) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const life = await opened.server(startKurrentServer({ appends }));
      const own = opened.client(life.connectionString);
      const model = new Model();
      for (const one of steps) await play(own, model, one);
      await opened.close();
    }),
    { numRuns: 25 },
  );
});

it('gives every writer of a race a place of its own, and every subscriber the same order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(stream, fc.integer({ min: 1, max: 5 })), { maxLength: 30 }), async (writes) => {
      const server = await opened.server(startKurrentServer({ appends: 'classic' }));
      const client = opened.client(server.connectionString);
      await Promise.all(
        writes.map(([name, count]) =>
          client.appendToStream(
            name,
            Array.from({ length: count }, () => gift(0, freshId())),
          ),
        ),
      );
      const all = (await collect(client.readAll())).filter(({ event }) => event?.type === 'Gift');
      expect(all).toHaveLength(writes.reduce((sum, [, count]) => sum + count, 0));
      for (const name of new Set(writes.map(([written]) => written))) {
        const here = all.filter(({ event }) => event?.streamId === name).map(({ event }) => event);
        expect(here.map((event) => Number(event?.revision))).toEqual(here.map((_, at) => at));
        const alone = await collect(client.readStream(name));
        expect(alone.map(({ event }) => event?.id)).toEqual(here.map((event) => event?.id));
      }
      await opened.close();
    }),
    { numRuns: 10 },
  );
});
