import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  makeNodeCertificate,
  startKurrentCluster,
  type KurrentServer,
  type KurrentServerOptions,
} from '@aidtrail/testing/kurrentdb';
import { appendOf, sampleId } from '../contract/samples.js';
import { StoreUnavailable, type EventStore, type StoredEvent } from '../port.js';
import { Connection } from './connection.js';
import { AccessDenied } from './faults.js';
import { createKurrentEventStore } from './kurrent-event-store.js';
import { Opened, untilServed } from './testing/opened.js';

const users = { ledger: { password: 'p:/@%', groups: ['$admins'] }, guest: { password: 'guest' } };
let directory: string;
const opened = new Opened();
const serve = (options?: KurrentServerOptions): Promise<KurrentServer> => opened.server(options);
const open = (address: string): EventStore => opened.store(address);
const appendedFirst = { status: 'appended', firstPosition: 0, version: 1 };

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aidtrail-kurrent-'));
  opened.add(() => rm(directory, { recursive: true }));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await opened.close();
});

describe('who may not', () => {
  it('is served with the right certificate and password, and told apart from everybody else', async () => {
    const secure = await serve({ tls: await makeNodeCertificate(directory), users });
    const right = open(secure.connectionStringAs('ledger', 'p:/@%'));
    expect(await right.append(appendOf('voucher-1', 0, 1))).toEqual(appendedFirst);
    for (const wrong of [
      secure.connectionStringAs('ledger', 'secret-8'),
      secure.connectionStringAs('guest', 'guest'),
    ]) {
      const refusal: unknown = await open(wrong)
        .append(appendOf('voucher-1', 1, 2))
        .catch((error: unknown) => error);
      expect(refusal).not.toBeInstanceOf(StoreUnavailable);
      expect(String((refusal as Error).message)).toContain('permission');
      expect(JSON.stringify(refusal) + String((refusal as Error).stack)).not.toContain('secret-8');
    }
    expect(await right.head()).toBe(1);
  });

  it('shows a certificate of another authority is not trusted', async () => {
    const secure = await serve({ tls: await makeNodeCertificate(directory), users });
    const other = await mkdtemp(join(directory, 'other-'));
    const { caFile } = await makeNodeCertificate(other);
    const address = secure.connectionStringAs('ledger', 'p:/@%').replace(/tlsCAFile=.*/, `tlsCAFile=${caFile}`);
    await expect(open(address).head()).rejects.toThrow(StoreUnavailable);
    await expect(open(address).head()).rejects.toThrow(/certificate of localhost:\d+ is not trusted/);
    expect(secure.sentEvents).toBe(0);
  });

  it('shows it also where several nodes are named, of which the client says only that it found none', async () => {
    const cluster = await startKurrentCluster(2, { tls: await makeNodeCertificate(directory), users });
    opened.add(() => cluster.stop());
    const { caFile } = await makeNodeCertificate(await mkdtemp(join(directory, 'other-')));
    const hosts = cluster.nodes.map(({ endpoint: { host, port } }) => `${host}:${port}`).join(',');
    const address = (options: string): string => `esdb://ledger:hunter2@${hosts}?maxDiscoverAttempts=2&${options}`;
    await expect(open(address(`tls=true&tlsCAFile=${caFile}`)).head()).rejects.toThrow(
      /certificate of .* is not trusted/,
    );
    await Promise.all(cluster.nodes.map((_, at) => cluster.stopNode(at)));
    await expect(open(address(`tls=true&tlsCAFile=${caFile}`)).head()).rejects.not.toThrow(/certificate/);
    const plain = (await serve()).endpoint;
    const named = `esdb://ledger:hunter2@${plain.host}:${plain.port},127.0.0.1:1?maxDiscoverAttempts=2&tls=true`;
    await expect(open(named).head()).rejects.toThrow(/does not speak TLS/);
  });

  it.each([
    ['is not there', 'ca.crt', 'ENOENT'],
    ['is a directory', '', 'EISDIR'],
    ['holds no certificate', 'notes.txt', 'no certificate in PEM'],
  ])('names a file of authorities that %s, which is said', async (_, file, reason) => {
    await writeFile(join(directory, 'notes.txt'), 'bring milk');
    const connectionString = `esdb://ledger:hunter2@127.0.0.1:2113?tlsCAFile=${join(directory, file)}`;
    expect(() => createKurrentEventStore({ connectionString })).toThrow(reason);
    expect(() => createKurrentEventStore({ connectionString })).not.toThrow(/hunter2/);
  });

  it.each(['http://127.0.0.1:2113', 'kurrentdb://127.0.0.1', 'esdb://127.0.0.1:2113?tls=true', 'esdb://a:b@c:d:e'])(
    'is %s, which is refused at once and not repeated',
    (address) => {
      expect(() => createKurrentEventStore({ connectionString: address })).toThrow(TypeError);
      expect(() => createKurrentEventStore({ connectionString: address })).not.toThrow(address);
    },
  );

  it.each([
    ['one that the client does not know, of which it would print the password', 'caFile=/ca.crt'],
    ['one that the client ignores', 'tlsVerifyCert=false'],
    ['one that would turn conflicts into silence', 'throwOnAppendFailure=false'],
  ])('has an option that is refused: %s', (_what, option) => {
    const printed = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const connectionString = `esdb://ledger:hunter2@127.0.0.1:2113?tls=true&${option}`;
    expect(() => createKurrentEventStore({ connectionString })).toThrow(/these options and no others/);
    expect(() => createKurrentEventStore({ connectionString })).not.toThrow(/hunter2/);
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });

  it('has a password with a % that encodes nothing, which is said', () => {
    const connectionString = 'esdb://ledger:%zz@127.0.0.1:2113?tls=true';
    expect(() => createKurrentEventStore({ connectionString })).toThrow(/write %25/);
  });
});

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
    opened.add(() => connection.close());
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
