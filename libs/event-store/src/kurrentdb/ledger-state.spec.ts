import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { range, sampleEvent, sampleId } from '../contract/samples.js';
import type { Recorded } from './connection.js';
import { IdTable } from './id-table.js';
import { entriesPerPage, isFull, pageOf, pageStartOf, takePage } from './index-pages.js';
import { LedgerState, type PlacedBatch, type VoidRange } from './ledger-state.js';
import { acceptedOf, commitOf, eventRecordOf, metadataOf, loneOutcomeData, loneOutcomeOf } from './records.js';
import { accepted, refused } from '../contract/samples.js';

const at = (place: number) => ({ commit: BigInt(place), prepare: BigInt(place) });

function batch(
  stream: string,
  firstRevision: number,
  of: Partial<PlacedBatch['commit']> & { numbers: number[] },
): PlacedBatch {
  const { numbers, ...rest } = of;
  const commit = { batchId: sampleId(7), expectedVersion: firstRevision, commandId: undefined, ...rest };
  return {
    stream,
    lastRevision: firstRevision + numbers.length - 1,
    commit: { ...commit, ids: numbers.map(sampleId) },
  };
}

describe('the rule by which $all decides', () => {
  it('counts a batch whose command, ids and version are new, and voids every other', () => {
    const state = new LedgerState();
    const commandId = sampleId(500);
    expect(state.takeBatch(batch('a', 0, { numbers: [1, 2], commandId }), at(1))).toEqual({
      stored: true,
      firstPosition: 0,
    });
    // The command again, in another stream.
    expect(state.takeBatch(batch('b', 0, { numbers: [3], commandId }), at(2))).toEqual({ stored: false });
    // An id again.
    expect(state.takeBatch(batch('c', 0, { numbers: [4, 2] }), at(3))).toEqual({ stored: false });
    // At the right revision, but written by somebody who took the void event before for one that counts.
    expect(state.takeBatch(batch('b', 1, { numbers: [5], expectedVersion: 1 }), at(4))).toEqual({ stored: false });
    expect(state.takeBatch(batch('b', 2, { numbers: [5], expectedVersion: 0 }), at(5))).toEqual({
      stored: true,
      firstPosition: 2,
    });
    expect([state.head, state.voidsBelow('b', 3), state.voidsBelow('b', 2), state.isVoid('b', 2)]).toEqual([
      3,
      2,
      2,
      false,
    ]);
    expect(state.outcomePlace(commandId)).toEqual({ acceptedAt: 1 });
  });

  it('lets the first of a refusal and an accepted batch decide, whichever it is', () => {
    const state = new LedgerState();
    expect(state.takeLoneOutcome(sampleId(500), at(1))).toBe(true);
    expect(state.takeBatch(batch('a', 0, { numbers: [1], commandId: sampleId(500) }), at(2)).stored).toBe(false);
    expect(state.takeBatch(batch('b', 0, { numbers: [1], commandId: sampleId(501) }), at(3)).stored).toBe(true);
    expect(state.takeLoneOutcome(sampleId(501), at(4))).toBe(false);
    expect([state.outcomePlace(sampleId(500)), state.outcomePlace(sampleId(501))]).toEqual([
      'alone',
      { acceptedAt: 0 },
    ]);
  });

  it('knows an event by its place too: an id that is stored elsewhere does not make it known', () => {
    const state = new LedgerState();
    state.takeBatch(batch('a', 0, { numbers: [1] }), at(1));
    expect([
      state.knows('a', 0, sampleId(1)),
      state.knows('b', 0, sampleId(1)),
      state.knows('a', 1, sampleId(1)),
    ]).toEqual([true, false, false]);
  });

  it('is the same after its pages as after the batches themselves', () => {
    const live = new LedgerState();
    const loaded = new LedgerState();
    let start = pageStartOf(live, 0);
    let voids: { stream: string; range: VoidRange }[] = [];
    let pages = 0;
    for (const i of range(0, 3 * entriesPerPage)) {
      const stream = `s-${i % 50}`;
      const repeated = i % 97 === 0 && i > 0;
      const numbers = [repeated ? i - 1 : i];
      const firstRevision = Math.floor(i / 50);
      const expectedVersion = firstRevision - live.voidsBelow(stream, firstRevision);
      const commandId = i % 3 === 0 ? sampleId(1_000_000 + i) : undefined;
      const verdict = live.takeBatch(batch(stream, firstRevision, { numbers, expectedVersion, commandId }), at(i + 1));
      expect(verdict.stored).toBe(!repeated);
      if (repeated) voids.push({ stream, range: { from: firstRevision, count: 1 } });
      if (!isFull(live, start, voids)) continue;
      const { data, metadata } = pageOf(live, start, voids);
      const recorded = { data, metadata: JSON.parse(JSON.stringify(metadata)) as object, revision: BigInt(pages) };
      takePage(loaded, recorded as unknown as Recorded);
      expect([loaded.head, loaded.commands.size, loaded.last, loaded.marks, loaded.voids]).toEqual([
        live.head,
        live.commands.size,
        live.last,
        live.marks,
        live.voids,
      ]);
      pages += 1;
      start = pageStartOf(live, pages);
      voids = [];
    }
    expect(pages).toBeGreaterThanOrEqual(3);
    for (const i of [0, 95, 5_000]) {
      expect(loaded.ids.find(live.ids.at(i))).toBe(i);
      expect(loaded.eventPlace(i)).toBe(live.eventPlace(i));
      expect(loaded.markFor(i)).toEqual(live.markFor(i));
    }
  });
});

describe('the table of ids', () => {
  it('finds what was added where it was added, and nothing else', () => {
    const ids = new IdTable();
    const present = range(0, 40_000).map((n) => sampleId(n * 7));
    present.forEach((id) => ids.add(id));
    present.forEach((id, i) => {
      if (ids.find(id) !== i || ids.at(i) !== id) throw new Error(`${id} is not at ${i}`);
    });
    expect(range(0, 1_000).filter((n) => ids.has(sampleId(n * 7 + 1)))).toEqual([]);
    expect(Buffer.from(ids.bytes(1, 2)).toString('hex')).toBe(sampleId(7).replaceAll('-', ''));
  });
});

describe('the record of an event', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 80 });

  it('gives back what was put in, and is never taken for JSON', () => {
    fc.assert(
      fc.property(
        fc.option(bytes, { nil: undefined }),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (sealed, decided, count) => {
          const events = range(0, count).map((n) => ({ ...sampleEvent(n), ...(sealed && { sealed }) }));
          const append = { stream: 'a', expectedVersion: 4_000_000, events, ...(decided && { command: accepted(1) }) };
          const last = events.at(-1) ?? sampleEvent(0);
          const metadata = metadataOf(last, { commit: { append, batchId: sampleId(99) } });
          expect(() => JSON.parse(Buffer.from(metadata ?? []).toString()) as unknown).toThrow(SyntaxError);
          expect(eventRecordOf(metadata).sealed).toEqual(sealed);
          expect(commitOf(last.id, metadata)).toEqual({
            batchId: sampleId(99),
            expectedVersion: 4_000_000,
            ids: events.map(({ id }) => id),
            commandId: decided ? accepted(1).commandId : undefined,
          });
          if (decided) expect(acceptedOf(metadata)).toStrictEqual(accepted(1));
        },
      ),
    );
    for (const outcome of [refused(3), accepted(3)]) {
      expect(loneOutcomeOf(loneOutcomeData(outcome, sampleId(99)))).toStrictEqual({ batchId: sampleId(99), outcome });
    }
  });

  it('of another form is a fault', () => {
    expect(() => eventRecordOf(Uint8Array.of(2, 0))).toThrow('unknown form');
    expect(() => commitOf(sampleId(1), Uint8Array.of(1, 0))).toThrow('lacks the commit');
    expect(() => commitOf(sampleId(1), { looks: 'like JSON' })).toThrow('not binary');
  });
});
