import {
  BACKWARDS,
  END,
  ErrorType,
  FORWARDS,
  NO_STREAM,
  START,
  type EventStoreDBClient,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
} from '@eventstore/db-client';
import { KurrentMemory } from './memory.js';
import { startKurrentServer } from './server.js';
import { collect, gift, gifts, Opened } from './spec-client.js';

const opened = new Opened();
let client: EventStoreDBClient;
let now = Date.parse('2026-11-28T10:00:00Z');

beforeEach(async () => {
  const memory = new KurrentMemory({ now: () => now });
  const server = await opened.server(startKurrentServer({ memory }));
  client = opened.client(server.connectionString);
});
afterEach(() => opened.close());

async function revisions(stream: string, options?: ReadStreamOptions): Promise<number[]> {
  return (await collect(client.readStream(stream, options))).map(({ event }) => Number(event?.revision));
}

/** Without the events that the server begins with. */
async function everything(options?: ReadAllOptions): Promise<string[]> {
  const events = await collect(client.readAll(options));
  return events.map(({ event }) => `${event?.streamId}@${event?.revision}`).filter((one) => !one.startsWith('$user-'));
}

describe('a stream', () => {
  const cases: [ReadStreamOptions, number[]][] = [
    [{}, [0, 1, 2, 3, 4]],
    [{ maxCount: 2 }, [0, 1]],
    [{ fromRevision: 3n }, [3, 4]],
    [{ fromRevision: 3n, maxCount: 1 }, [3]],
    [{ fromRevision: 5n }, []],
    [{ direction: FORWARDS, fromRevision: END }, []],
    [{ direction: BACKWARDS, fromRevision: END }, [4, 3, 2, 1, 0]],
    [{ direction: BACKWARDS, fromRevision: END, maxCount: 1 }, [4]],
    [{ direction: BACKWARDS, fromRevision: 2n, maxCount: 2 }, [2, 1]],
    [{ direction: BACKWARDS, fromRevision: START }, [0]],
    [{ direction: BACKWARDS, fromRevision: 99n, maxCount: 1 }, [4]],
  ];
  it.each(cases)('read with %p: %p', async (options, expected) => {
    await client.appendToStream('s', gifts(5));
    expect(await revisions('s', options)).toEqual(expected);
  });

  it('tells when it was written, to the millisecond', async () => {
    now = Date.parse('2026-11-28T10:00:00.123Z');
    await client.appendToStream('s', gift(1));
    const [read] = await collect(client.readStream('s'));
    expect(read?.event?.created.toISOString()).toBe('2026-11-28T10:00:00.123Z');
  });

  it('that was never written is not found', async () => {
    await expect(revisions('none')).rejects.toMatchObject({ type: ErrorType.STREAM_NOT_FOUND, streamName: 'none' });
  });

  it('may have any name that UTF-8 can write', async () => {
    await client.appendToStream('基金-一', gift(1));
    const [read] = await collect(client.readStream('基金-一'));
    expect(read?.event?.streamId).toBe('基金-一');
  });
});

describe('all streams', () => {
  it('are read in the order of writing, and backwards', async () => {
    await client.appendToStream('a', gifts(2));
    await client.appendToStream('b', gift(1));
    await client.appendToStream('a', gift(1));
    const order = ['a@0', 'a@1', 'b@0', 'a@2'];
    expect(await everything()).toEqual(order);
    expect(await everything({ direction: BACKWARDS, fromPosition: END })).toEqual([...order].reverse());
    expect(await everything({ direction: BACKWARDS, fromPosition: END, maxCount: 2 })).toEqual(['a@2', 'b@0']);
    expect(await everything({ fromPosition: END })).toEqual([]);
  });

  it('are read from a position on: forwards with its event, backwards without', async () => {
    const positions: Position[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { position } = await client.appendToStream('a', gift(n));
      if (position !== undefined) positions.push(position);
    }
    const [, second] = positions as [Position, Position, Position];
    expect(await everything({ fromPosition: second })).toEqual(['a@1', 'a@2']);
    expect(await everything({ direction: BACKWARDS, fromPosition: second })).toEqual(['a@0']);
    const between = { commit: second.commit + 1n, prepare: second.commit + 1n };
    await expect(everything({ fromPosition: between })).rejects.toThrow(/invalid position/);
  });

  it('have positions that rise, with gaps, and never begin at 0', async () => {
    await client.appendToStream('a', gifts(3));
    const events = (await collect(client.readAll())).filter(({ event }) => event?.streamId === 'a');
    const commits = events.map(({ event }) => event?.position?.commit ?? 0n);
    expect(commits[0]).toBeGreaterThan(0n);
    for (const [at, commit] of commits.entries())
      if (at > 0) expect(commit).toBeGreaterThan((commits[at - 1] ?? 0n) + 1n);
    expect(events.map(({ commitPosition }) => commitPosition)).toEqual(commits);
  });
});

describe('what is no longer shown', () => {
  it('is what metadata cut off', async () => {
    await client.appendToStream('s', gifts(5));
    await client.setStreamMetadata('s', { truncateBefore: 2 });
    expect(await revisions('s')).toEqual([2, 3, 4]);
    expect(await revisions('s', { fromRevision: 0n, maxCount: 1 })).toEqual([2]);
    expect(await revisions('s', { direction: BACKWARDS, fromRevision: END })).toEqual([4, 3, 2]);
    await client.setStreamMetadata('s', { maxCount: 1 });
    expect(await revisions('s')).toEqual([4]);
    expect((await everything()).filter((one) => one.startsWith('s@'))).toHaveLength(5);
  });

  it('is what grew too old', async () => {
    await client.setStreamMetadata('s', { maxAge: 60 });
    await client.appendToStream('s', gift(1));
    now += 61_000;
    await client.appendToStream('s', gift(2));
    expect(await revisions('s')).toEqual([1]);
  });

  it('reads metadata back as it was set', async () => {
    const metadata = { maxCount: 3, acl: { readRoles: ['$all', 'auditor'] }, note: 'kept' };
    await client.setStreamMetadata('s', metadata, { expectedRevision: NO_STREAM });
    expect((await client.getStreamMetadata('s')).metadata).toEqual(metadata);
    expect((await client.getStreamMetadata('other')).metadata).toBeUndefined();
  });

  it('is a deleted stream, until it is written to again and goes on where it was', async () => {
    await client.appendToStream('s', gifts(3));
    await client.setStreamMetadata('s', { note: 'kept' });
    await client.deleteStream('s', { expectedRevision: 2n });
    await expect(revisions('s')).rejects.toMatchObject({ type: ErrorType.STREAM_NOT_FOUND });
    expect((await everything()).filter((one) => one.startsWith('s@'))).toHaveLength(3);
    await client.appendToStream('s', gift(4), { expectedRevision: NO_STREAM });
    expect(await revisions('s')).toEqual([3]);
    expect((await client.getStreamMetadata('s')).metadata).toEqual({ truncateBefore: 3 });
  });

  it('stays hidden when a deleted stream is only described anew, or deleted twice', async () => {
    await client.appendToStream('s', gifts(3));
    await client.deleteStream('s');
    await client.deleteStream('s');
    await expect(revisions('s')).rejects.toMatchObject({ type: ErrorType.STREAM_NOT_FOUND });
    await client.setStreamMetadata('s', { note: 'back' });
    expect(await revisions('s')).toEqual([]);
    expect((await client.getStreamMetadata('s')).metadata).toEqual({ note: 'back', truncateBefore: 3 });
  });

  it('is a tombstoned stream, for good', async () => {
    await client.appendToStream('s', gifts(3));
    await client.tombstoneStream('s', { expectedRevision: 2n });
    const deleted = { type: ErrorType.STREAM_DELETED, streamName: 's' };
    await expect(revisions('s')).rejects.toMatchObject(deleted);
    await expect(client.deleteStream('s')).rejects.toMatchObject(deleted);
    expect(await everything()).toEqual(['s@0', 's@1', 's@2', 's@9223372036854775807']);
  });

  it('cannot be what never was, nor what is not as expected', async () => {
    await expect(client.deleteStream('none')).rejects.toMatchObject({ type: ErrorType.WRONG_EXPECTED_VERSION });
    await client.appendToStream('s', gifts(3));
    const wrong = { type: ErrorType.WRONG_EXPECTED_VERSION, streamName: 's', expectedVersion: 1n, actualVersion: 2n };
    await expect(client.deleteStream('s', { expectedRevision: 1n })).rejects.toMatchObject(wrong);
    await expect(client.tombstoneStream('s', { expectedRevision: 1n })).rejects.toMatchObject(wrong);
    expect(await revisions('s')).toEqual([0, 1, 2]);
  });
});
