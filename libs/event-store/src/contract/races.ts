import { describe, expect, it } from '@jest/globals';
import { accepted, appendOf, everything, plainOutcome, range, refused, sampleId } from './samples.js';
import type { AppendOutcome, EventStore } from '../port.js';
import type { Under } from './samples.js';

export function raceContract(under: Under): void {
  describe('races between stores on one database', () => {
    const open = async (): Promise<readonly EventStore[]> => [
      under().store,
      await under().openAnother(),
      await under().openAnother(),
    ];

    it('lets exactly one of several appends to one version win', async () => {
      const stores = await open();
      for (const round of range(0, 5)) {
        const outcomes = await Promise.all(
          range(0, 12).map((i) => at(stores, i).append(appendOf('voucher-1', round, round * 100 + i))),
        );
        expect(outcomes.filter((outcome) => outcome.status === 'appended')).toEqual([
          { status: 'appended', firstPosition: round, version: round + 1 },
        ]);
        expect(outcomes.filter((outcome) => outcome.status !== 'appended')).toEqual(
          range(0, 11).map(() => ({ status: 'version_conflict', actualVersion: round + 1 })),
        );
      }
      expect((await everything(at(stores, 1))).map((event) => event.version)).toEqual(range(1, 6));
    });

    it('gives gapless positions to concurrent appends, each telling its own', async () => {
      const stores = await open();
      const outcomes = await Promise.all(
        range(0, 150).map((i) => at(stores, i).append(appendOf(`voucher-${i}`, 0, i * 2, i * 2 + 1))),
      );
      const events = await everything(at(stores, 0));
      expect(events.map((event) => event.position)).toEqual(range(0, 300));
      outcomes.forEach((outcome, i) => {
        const first = events.findIndex((event) => event.id === sampleId(i * 2));
        expect(outcome).toEqual({ status: 'appended', firstPosition: first, version: 2 });
        expect(events[first + 1]?.id).toBe(sampleId(i * 2 + 1));
      });
    });

    it('keeps positions gapless when bulk and single appends race', async () => {
      const stores = await open();
      const bulk = at(stores, 0).appendMany(range(0, 1_500).map((i) => appendOf(`card-${i}`, 0, i)));
      const single = Promise.all(range(0, 60).map((i) => at(stores, i).append(appendOf(`voucher-${i}`, 0, 5_000 + i))));
      const [bulkOutcomes, singleOutcomes] = await Promise.all([bulk, single]);
      const events = await everything(at(stores, 2));
      expect(events.map((event) => event.position)).toEqual(range(0, 1_560));
      const positionOf = new Map(events.map((event) => [event.stream, event.position]));
      bulkOutcomes.forEach((outcome, i) => expect(outcome).toEqual(appendedAt(positionOf.get(`card-${i}`))));
      singleOutcomes.forEach((outcome, i) => expect(outcome).toEqual(appendedAt(positionOf.get(`voucher-${i}`))));
    });

    it('gives a command one outcome when accepting and refusing race, and tells it to everybody', async () => {
      const stores = await open();
      for (const round of range(0, 8)) {
        const appends = range(0, 3).map((i) =>
          at(stores, i).append({ ...appendOf(`voucher-${round}`, 0, round * 10 + i), command: accepted(round) }),
        );
        const refusals = range(0, 3).map((i) => at(stores, i).refuse(refused(round)));
        const outcomes = await Promise.all(appends);
        const final = plainOutcome(await at(stores, 1).outcomeOf(accepted(round).commandId));
        expect([accepted(round), refused(round)]).toContainEqual(final);
        for (const refusal of refusals) expect(plainOutcome(await refusal)).toStrictEqual(final);
        const winners = outcomes.filter((outcome) => outcome.status === 'appended');
        expect(winners).toHaveLength(final?.kind === 'accepted' ? 1 : 0);
        for (const outcome of outcomes) {
          if (outcome.status !== 'appended')
            expect(tidy(outcome)).toStrictEqual({ status: 'command_decided', outcome: final });
        }
        expect(await at(stores, 2).readStream(`voucher-${round}`)).toHaveLength(winners.length);
      }
    });

    it('stores an event id once when several stores append it at the same time', async () => {
      const stores = await open();
      const outcomes = await Promise.all(range(0, 9).map((i) => at(stores, i).append(appendOf(`voucher-${i}`, 0, 1))));
      expect(outcomes.filter((outcome) => outcome.status === 'appended')).toEqual([
        { status: 'appended', firstPosition: 0, version: 1 },
      ]);
      expect(outcomes.filter((outcome) => outcome.status !== 'appended')).toEqual(
        range(0, 8).map(() => ({ status: 'event_exists', eventId: sampleId(1) })),
      );
      expect(await at(stores, 0).head()).toBe(1);
    });

    it('lets appends that one caller hands over together follow each other on one stream', async () => {
      const { store } = under();
      const outcomes = await Promise.all(range(0, 20).map((i) => store.append(appendOf('voucher-1', i, i))));
      expect(outcomes).toEqual(range(0, 20).map((i) => ({ status: 'appended', firstPosition: i, version: i + 1 })));
    });

    it('shows an append to the other stores as soon as it has resolved', async () => {
      const [first, second] = await open();
      for (const i of range(0, 10)) {
        await first?.append({ ...appendOf('voucher-1', i, i), command: accepted(i) });
        expect(await second?.head()).toBe(i + 1);
        expect(await second?.readStream('voucher-1')).toHaveLength(i + 1);
        expect((await second?.outcomeOf(accepted(i).commandId))?.kind).toBe('accepted');
      }
    });
  });
}

function at(stores: readonly EventStore[], i: number): EventStore {
  const store = stores[i % stores.length];
  if (!store) throw new Error('no store was opened');
  return store;
}

function appendedAt(firstPosition: number | undefined): AppendOutcome {
  if (firstPosition === undefined) throw new Error('an event that was reported as stored cannot be read');
  return { status: 'appended', firstPosition, version: 1 };
}

function tidy(outcome: AppendOutcome): unknown {
  return outcome.status === 'command_decided' ? { ...outcome, outcome: plainOutcome(outcome.outcome) } : outcome;
}
