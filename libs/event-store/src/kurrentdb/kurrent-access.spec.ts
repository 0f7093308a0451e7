import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
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

describe('a node that cannot be reached', () => {
  const failureOf = (address: string): Promise<unknown> =>
    open(address)
      .head()
      .catch((error: unknown) => error);

  it('is named where it does not speak TLS, and the address says that it does', async () => {
    const { host, port } = (await serve()).endpoint;
    const failure = await failureOf(`esdb://ledger:hunter2@${host}:${port}?tls=true`);
    expect(failure).toBeInstanceOf(StoreUnavailable);
    expect(String(failure)).toContain(`${host}:${port} does not speak TLS`);
    expect(String(failure)).not.toContain('hunter2');
  });

  it('is named where it speaks TLS, and the address says that it does not', async () => {
    const { port } = (await serve({ tls: await makeNodeCertificate(directory), users })).endpoint;
    const failure = await failureOf(`esdb://localhost:${port}?tls=false`);
    expect(String(failure)).toContain(`localhost:${port} speaks TLS; its address needs tls=true`);
  });

  it.each(['tls=true', 'tls=false'])(
    'is named where nothing listens or no such host is known, with %s',
    async (tls) => {
      const address = (host: string): string => `esdb://ledger:hunter2@${host}?${tls}`;
      expect(String(await failureOf(address('127.0.0.1:1')))).toContain('127.0.0.1:1 refused the connection');
      expect(String(await failureOf(address('ledger.invalid')))).toContain('the host ledger.invalid is not known');
    },
  );

  it('is probed once for all calls that failed together', async () => {
    const probes = jest.spyOn(Socket.prototype, 'connect');
    const connection = new Connection('esdb://127.0.0.1:1?tls=false');
    closers.push(() => connection.close());
    const calls = Array.from({ length: 20 }, () => connection.lastOfStream('voucher-1'));
    for (const call of calls) await expect(call).rejects.toThrow(/127.0.0.1:1 refused the connection/);
    expect(probes.mock.calls.length).toBeLessThan(20);
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
