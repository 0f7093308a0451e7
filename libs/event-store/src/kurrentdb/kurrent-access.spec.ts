import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  makeNodeCertificate,
  startKurrentServer,
  type KurrentServer,
  type KurrentServerOptions,
} from '@aidtrail/testing/kurrentdb';
import { appendOf, sampleId } from '../contract/samples.js';
import { StoreUnavailable, type EventStore, type StoredEvent } from '../port.js';
import { Connection } from './connection.js';
import { AccessDenied } from './faults.js';
import { createKurrentEventStore } from './kurrent-event-store.js';

const users = { ledger: { password: 'p:/@%', groups: ['$admins'] }, guest: { password: 'guest' } };
let directory: string;
let closers: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aidtrail-kurrent-'));
  closers.push(() => rm(directory, { recursive: true }));
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const close of closers.reverse()) await close();
  closers = [];
});

async function serve(options: KurrentServerOptions = {}): Promise<KurrentServer> {
  const started = await startKurrentServer(options);
  closers.push(() => started.stop());
  return started;
}

function open(connectionString: string): EventStore {
  const opened = createKurrentEventStore({ connectionString });
  closers.push(() => opened.close());
  return opened;
}

describe('a user who may not read', () => {
  it('is waited for by a subscription, which misses nothing once the user may read again', async () => {
    const secure = await serve({ tls: await makeNodeCertificate(directory), users });
    const seen: number[] = [];
    const ending = new AbortController();
    const handle = async (events: readonly StoredEvent[]): Promise<void> => {
      seen.push(...events.map(({ position }) => position));
      if (seen.length === 3) ending.abort();
    };
    await open(secure.connectionStringAs('ledger', 'p:/@%')).append(appendOf('voucher-1', 0, 0));
    const guest = open(secure.connectionStringAs('guest', 'guest'));
    await expect(guest.head()).rejects.toThrow(StoreUnavailable);
    await expect(guest.head()).rejects.toThrow(/it does not know this user and password, or the user lacks/);
    const following = guest.subscribe({ from: 0, handle, signal: ending.signal });
    setReaders(secure, ['guest']);
    const admitted = open(secure.connectionStringAs('guest', 'guest'));
    expect(await untilServed(() => admitted.append(appendOf('voucher-1', 1, 1)))).toMatchObject({ version: 2 });
    setReaders(secure, []);
    await expect(admitted.head()).rejects.toThrow(StoreUnavailable);
    secure.killConnections();
    await open(secure.connectionStringAs('ledger', 'p:/@%')).append(appendOf('voucher-1', 2, 2));
    setReaders(secure, ['guest']);
    await following;
    expect(seen).toEqual([0, 1, 2]);
  });

  it('is refused one page only: the subscription reads it again', async () => {
    const store = open((await serve()).connectionString);
    const seen: number[] = [];
    const ending = new AbortController();
    await store.append(appendOf('voucher-1', 0, 0));
    const reading = jest.spyOn(Connection.prototype, 'readAll');
    reading.mockRejectedValueOnce(new AccessDenied('KurrentDB refused the request'));
    await store.subscribe({
      from: 0,
      handle: async (events) => {
        seen.push(...events.map(({ position }) => position));
        ending.abort();
      },
      signal: ending.signal,
    });
    expect(seen).toEqual([0]);
    expect(reading.mock.calls.length).toBeGreaterThan(1);
  });
});

/** Who may read `$all`, besides the administrators. */
function setReaders({ memory }: KurrentServer, readers: readonly string[]): void {
  const data = new TextEncoder().encode(JSON.stringify({ $acl: { $r: ['$admins', ...readers] } }));
  const id = sampleId(6_000_000 + memory.log.length);
  memory.append('$$$all', 'any', [{ id, type: '$metadata', isJson: true, data, metadata: new Uint8Array() }]);
}

async function untilServed<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
