import { afterEach, describe, expect, it } from '@jest/globals';
import { accepted, appendOf, plainOutcome, range, refused, sampleBytes, sampleEvents } from '../contract/samples.js';
import { createMemoryEventStore } from '../memory/memory-event-store.js';
import { StoreUnavailable } from '../port.js';
import type { CopyProgress } from './copy-options.js';
import { copyStore } from './copy-store.js';
import type { CopyableStore } from './copyable-store.js';
import { chain, contentsOf, emptyHouse, furnish, leaveHouses, type Kind } from './houses.testing.js';

afterEach(leaveHouses);

const copy = (from: CopyableStore, to: CopyableStore) => copyStore({ from, to, newTree: chain });

async function furnished(kind: Kind): Promise<CopyableStore> {
  const store = await emptyHouse(kind);
  await furnish(store);
  return store;
}

const pairs: readonly (readonly [Kind, Kind])[] = [
  ['memory', 'postgres'],
  ['memory', 'kurrentdb'],
  ['postgres', 'kurrentdb'],
  ['kurrentdb', 'postgres'],
  ['kurrentdb', 'kurrentdb'],
  ['postgres', 'postgres'],
];

describe.each(pairs)('a ledger that moves from %s to %s', (here, there) => {
  it('arrives whole, answers as before, goes on, and comes back the same', async () => {
    const [from, to] = [await furnished(here), await emptyHouse(there)];
    const before = await contentsOf(from);
    expect(before.outcomes).toHaveLength(71);

    const result = await copy(from, to);
    expect(result).toMatchObject({ events: 169, copiedEvents: 169, accepted: 41, refused: 30 });
    expect(await contentsOf(to)).toStrictEqual(before);

    // Old commands get their old answers, whatever the versions; a refusal stays one.
    const repeated = await to.append({ ...appendOf('voucher-1', 99, 70_001), command: accepted(3) });
    expect(repeated.status === 'command_decided' && plainOutcome(repeated.outcome)).toStrictEqual(accepted(3));
    const other = { ...refused(3), answer: sampleBytes(1, 5) };
    expect(plainOutcome(await to.refuse(other))).toStrictEqual(accepted(3));
    const final = await to.append({ ...appendOf('voucher-1', 99, 70_001), command: accepted(105) });
    expect(final.status === 'command_decided' && plainOutcome(final.outcome)).toStrictEqual(refused(105));
    expect(await to.append(appendOf('voucher-9', 0, 70))).toMatchObject({ status: 'event_exists' });

    const version = (await to.versionsOf(['voucher-1'])).get('voucher-1') ?? 0;
    const next = { ...appendOf('voucher-1', version, 70_001), command: accepted(500) };
    expect(await to.append(next)).toMatchObject({ status: 'appended', firstPosition: 169 });
    expect(await copy(to, from)).toMatchObject({ events: 170, copiedEvents: 1, accepted: 42, refused: 30 });
    expect(await contentsOf(from)).toStrictEqual(await contentsOf(to));
  }, 60_000);

  it.each([
    ['nothing', async () => undefined, { events: 0, accepted: 0, refused: 0 }],
    ['one event', (store: CopyableStore) => store.append(appendOf('fund-1', 0, 1)), { events: 1, accepted: 0 }],
    ['a refusal only', (store: CopyableStore) => store.refuse(refused(1)), { events: 0, refused: 1 }],
    [
      'an append as large as one may be',
      (store: CopyableStore) => store.append({ stream: 'fund-1', expectedVersion: 0, events: sampleEvents(0, 1_000) }),
      { events: 1_000 },
    ],
  ] as const)(
    'arrives when it holds %s',
    async (_, fill, expected) => {
      const [from, to] = [await emptyHouse(here), await emptyHouse(there)];
      await fill(from);
      expect(await copy(from, to)).toMatchObject(expected);
      expect(await contentsOf(to)).toStrictEqual(await contentsOf(from));
    },
    30_000,
  );
});

/** Breaks off at the n-th call that writes: before it has an effect, or after. */
function breakingAt(store: CopyableStore, n: number, when: 'before' | 'after'): CopyableStore {
  let calls = 0;
  const breaking =
    <A, R>(write: (argument: A) => Promise<R>) =>
    async (argument: A): Promise<R> => {
      calls += 1;
      if (calls > n || (calls === n && when === 'before')) throw new StoreUnavailable('killed');
      const result = await write(argument);
      if (calls === n) throw new StoreUnavailable('killed');
      return result;
    };
  const proxied = Object.create(store) as CopyableStore;
  proxied.keepOutcome = breaking((outcome) => store.keepOutcome(outcome));
  proxied.appendMany = breaking((appends) => store.appendMany(appends));
  return proxied;
}

describe('a move that is cut off', () => {
  it.each(['before', 'after'] as const)(
    '%s any of its writes is finished by the same call',
    async (when) => {
      const from = await furnished('memory');
      const before = await contentsOf(from);
      let finished = false;
      for (let n = 1; !finished; n += 1) {
        const to = createMemoryEventStore();
        const broken = breakingAt(to, n, when);
        finished = await copy(from, broken).then(
          () => true,
          (fault: unknown) => {
            if (fault instanceof StoreUnavailable) return false;
            throw fault;
          },
        );
        // Cut off once more at once, then let go.
        if (!finished) await copy(from, breakingAt(to, 2, when)).catch(() => undefined);
        expect(await copy(from, to)).toMatchObject({ events: 169, accepted: 41, refused: 30 });
        expect(await contentsOf(to)).toStrictEqual(before);
        if (finished) expect(n).toBeGreaterThan(75);
      }
    },
    60_000,
  );

  it('in the middle of a call to KurrentDB is finished there', async () => {
    const from = await furnished('memory');
    const to = await emptyHouse('kurrentdb');
    for (const n of [1, 40, 72, 75, 80, 100]) {
      await copy(from, breakingAt(to, n, 'after')).catch(() => undefined);
    }
    await copy(from, to);
    expect(await contentsOf(to)).toStrictEqual(await contentsOf(from));
  }, 30_000);

  it('is as good as finished when what was sent arrives only now', async () => {
    const from = await furnished('memory');
    const to = createMemoryEventStore();
    const late = Object.create(to) as CopyableStore;
    let isLate = true;
    late.appendMany = async (appends) => {
      if (isLate) for (const append of appends) await to.append(append);
      isLate = false;
      return to.appendMany(appends);
    };
    expect(await copy(from, late)).toMatchObject({ events: 169 });
  });
});

describe.each(['memory', 'postgres', 'kurrentdb'] as const)('a house (%s) in which somebody lives', (kind) => {
  it.each([
    ['another event', (store: CopyableStore) => store.append(appendOf('voucher-1', 0, 70_000))],
    [
      'the same event with other sealed bytes',
      (store: CopyableStore) =>
        store.append({
          ...appendOf('voucher-1', 0),
          events: [{ ...sampleEvents(10, 1)[0]!, sealed: sampleBytes(3, 9) }],
        }),
    ],
    ['the same event in another stream', (store: CopyableStore) => store.append({ ...appendOf('voucher-2', 0, 10) })],
    ['a refusal that the ledger has not given', (store: CopyableStore) => store.refuse(refused(900))],
    ['a refusal of what the ledger accepted', (store: CopyableStore) => store.refuse(refused(5))],
    ['an acceptance of what it refused', (store: CopyableStore) => store.keepOutcome(accepted(105))],
  ] as const)('is left as it is: %s', async (_, occupy) => {
    const [from, to] = [await furnished('memory'), await emptyHouse(kind)];
    await occupy(to);
    const before = await contentsOf(to);
    let began = false;
    const beforeWriting = async (): Promise<void> => void (began = true);
    await expect(copyStore({ from, to, newTree: chain, beforeWriting })).rejects.toMatchObject({
      name: 'CopyRefused',
      code: 'target_differs',
    });
    expect(began).toBe(false);
    expect(await contentsOf(to)).toStrictEqual(before);
  });

  it('is left as it is when it holds more of the same ledger', async () => {
    const [from, to] = [createMemoryEventStore(), await emptyHouse(kind)];
    for (const n of [1, 2]) await to.append(appendOf('voucher-1', n - 1, n));
    await from.append(appendOf('voucher-1', 0, 1));
    await expect(copy(from, to)).rejects.toThrow('The target holds 2 events, the source only 1.');
  });
});

describe('a ledger that is not left alone while it moves', () => {
  it.each([
    ['an event', 'events', (from: CopyableStore) => from.append(appendOf('fund-9', 0, 70_000))],
    ['a refusal', 'events', (from: CopyableStore) => from.refuse(refused(900))],
    ['an event at the last moment', 'prove', (from: CopyableStore) => from.append(appendOf('fund-9', 0, 70_000))],
  ] as const)('has not moved: %s more in the old house (%s)', async (_, step, grow) => {
    const [from, to] = [await furnished('memory'), createMemoryEventStore()];
    let growing: Promise<unknown> | undefined;
    const onProgress = (progress: CopyProgress): void => {
      if (progress.step === step) growing ??= grow(from);
    };
    await expect(copyStore({ from, to, newTree: chain, onProgress })).rejects.toMatchObject({ code: 'source_changed' });
    // Once nobody writes any more, the same call finishes it.
    await copy(from, to);
    expect(await contentsOf(to)).toStrictEqual(await contentsOf(from));
  });

  it('has not moved: somebody writes to the new house', async () => {
    const [from, to] = [await furnished('memory'), createMemoryEventStore()];
    let writing: Promise<unknown> | undefined;
    const onProgress = ({ step }: CopyProgress): void => {
      if (step === 'prove') writing ??= to.append(appendOf('fund-9', 0, 70_000));
    };
    await expect(copyStore({ from, to, newTree: chain, onProgress })).rejects.toMatchObject({ code: 'target_differs' });
  });

  it('has not moved: the new house does not keep the bytes', async () => {
    const [from, to] = [await furnished('memory'), createMemoryEventStore()];
    const forgetful = Object.create(to) as CopyableStore;
    forgetful.appendMany = (appends) =>
      to.appendMany(
        appends.map((append) => ({ ...append, events: append.events.map(({ id, bytes }) => ({ id, bytes })) })),
      );
    await expect(copy(from, forgetful)).rejects.toMatchObject({ code: 'target_differs' });
  });
});

describe('what a move tells of its progress', () => {
  it('ends with everything, step by step', async () => {
    const seen: CopyProgress[] = [];
    const from = createMemoryEventStore();
    for (const i of range(0, 5)) await from.append({ ...appendOf('fund-1', i, i), command: accepted(i) });
    await copyStore({ from, to: createMemoryEventStore(), newTree: chain, onProgress: (one) => seen.push(one) });
    expect(seen).toEqual([
      { step: 'outcomes', done: 5 },
      { step: 'events', done: 5, total: 5 },
      { step: 'prove', done: 5, total: 5 },
    ]);
  });
});
