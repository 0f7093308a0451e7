import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { forkKurrentServer, type Fault, type KurrentServerProcess } from '@aidtrail/testing/kurrentdb';
import { accepted, appendOf, everything, range, sampleId } from '../contract/samples.js';
import type { Append, AppendOutcome, EventStore, StoredEvent } from '../port.js';
import { createKurrentEventStore } from './kurrent-event-store.js';
import { startRacingProcess, type RacingProcess } from './testing/racing-process.js';

const STREAMS = range(0, 8).map((i) => `voucher-${i}`);

let server: KurrentServerProcess;
let racers: readonly [RacingProcess, RacingProcess];
let third: EventStore;

beforeEach(async () => {
  server = await forkKurrentServer();
  racers = [startRacingProcess(server.connectionString), startRacingProcess(server.connectionString)];
  third = createKurrentEventStore({ connectionString: server.connectionString });
  await Promise.all(racers.map((racer) => racer.look(0)));
});
afterEach(async () => {
  await third.close();
  await Promise.all(racers.map((racer) => racer.kill()));
  await server.stop();
});

/** An event of its own for each process, stream and version. */
const numberOf = (process: number, stream: number, version: number): number => (version * 100 + stream) * 2 + process;

/** Both processes append to every stream at the same version, one from the first stream on, the other from the last. */
async function race(version: number): Promise<readonly (readonly AppendOutcome[])[]> {
  return Promise.all(
    racers.map(async (racer, process) => {
      const appends = STREAMS.map((name, i) => appendOf(name, version, numberOf(process, i, version)));
      if (process === 0) return racer.append(appends);
      return [...(await racer.append(appends.reverse()))].reverse();
    }),
  );
}

/** Every process sees the same, as it followed it and as it reads it; so does one that comes late. Gives it. */
async function sameForAll(count: number): Promise<readonly StoredEvent[]> {
  const sights = await Promise.all(racers.map((racer) => racer.look(count)));
  const all = await everything(third);
  expect(all.map(({ position }) => position)).toEqual(range(0, count));
  expect(new Set(all.map(({ id }) => id)).size).toBe(count);
  for (const sight of sights) expect(sight).toEqual({ followed: all, read: all, head: count });
  return all;
}

describe('two operating system processes that append to the same streams', () => {
  const faults: readonly (readonly [string, readonly Fault[]])[] = [
    ['while nothing fails', []],
    [
      'while replies are lost after the commit, and connections die before it',
      [
        { at: 'append-committed', does: 'kill', skip: 20, times: 3 },
        { at: 'append', does: 'kill', skip: 10, times: 3 },
        { at: 'append', does: 'unavailable', skip: 10, times: 5 },
        { at: 'subscription-event', does: 'kill', skip: 30, times: 2 },
        { at: 'subscription-event', does: 'duplicate', skip: 10, times: 5 },
      ],
    ],
  ];
  it.each(faults)(
    '%s: one of them wins each revision, the other is told so, and both see one order',
    async (_, injected) => {
      for (const fault of injected) await server.inject(fault);
      const won = [0, 0];
      const stored: string[] = [];
      const told = new Map<string, number>();
      const rounds = range(0, 12);
      for (const version of rounds) {
        const outcomes = await race(version);
        STREAMS.forEach((_name, i) => {
          const pair = outcomes.map((of) => of[i] as AppendOutcome);
          const winner = pair.findIndex(({ status }) => status !== 'version_conflict');
          const id = sampleId(numberOf(winner, i, version));
          const outcome = pair[winner] as AppendOutcome;
          // Repeated after all replies were lost, an append meets its own event.
          const isTold = injected.length === 0 || outcome.status === 'appended';
          expect(outcome).toEqual(
            isTold
              ? { status: 'appended', firstPosition: expect.any(Number), version: version + 1 }
              : { status: 'event_exists', eventId: id },
          );
          expect(pair[1 - winner]).toEqual({ status: 'version_conflict', actualVersion: version + 1 });
          if (outcome.status === 'appended') told.set(id, outcome.firstPosition);
          stored.push(id);
          won[winner] = (won[winner] ?? 0) + 1;
        });
      }
      const all = await sameForAll(rounds.length * STREAMS.length);
      expect(all.map(({ id }) => id).sort()).toEqual(stored.sort());
      for (const [id, position] of told) expect(all[position]?.id).toBe(id);
      for (const name of STREAMS) {
        const versions = all.filter(({ stream }) => stream === name).map(({ version }) => version);
        expect(versions).toEqual(range(1, rounds.length + 1));
      }
      // Otherwise there was no race.
      expect(Math.min(...won)).toBeGreaterThan(0);
    },
  );

  it('with one command in two streams: it counts once, and what the other wrote counts for nobody', async () => {
    const rounds = range(0, 12);
    for (const round of rounds) {
      const outcomes = await Promise.all(
        racers.map((racer, process) => {
          const numbers = [numberOf(process, 0, round), numberOf(process, 1, round)];
          const stream = `voucher-${round}-${process}`;
          return racer.append([{ ...appendOf(stream, 0, ...numbers), command: accepted(round) }]);
        }),
      );
      const statuses = outcomes.map(([outcome]) => outcome?.status).sort();
      expect(statuses).toEqual(['appended', 'command_decided']);
    }
    const all = await sameForAll(rounds.length * 2);
    expect(new Set(all.map(({ stream }) => stream)).size).toBe(rounds.length);
    expect(all.map(({ version }) => version)).toEqual(rounds.flatMap(() => [1, 2]));
  });

  it('with bulk appends against single ones: none is lost, and each is told its own place', async () => {
    const bulk: readonly Append[] = range(0, 100).map((i) => appendOf(`card-${i}`, 0, i));
    const single: readonly Append[] = range(0, 30).map((i) => appendOf(`fund-${i}`, 0, 1_000 + 2 * i, 1_001 + 2 * i));
    const outcomes = await Promise.all([racers[0].appendMany(bulk), racers[1].append(single)]);
    const all = await sameForAll(160);
    const placeOf = new Map(all.map(({ id, position }) => [id, position]));
    [bulk, single].forEach((appends, process) =>
      appends.forEach(({ events }, i) => {
        const firstPosition = placeOf.get(events[0]?.id ?? '');
        expect(outcomes[process]?.[i]).toEqual({ status: 'appended', firstPosition, version: events.length });
      }),
    );
  });
});
