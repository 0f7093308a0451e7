import { EventStoreDBClient } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startKurrentServer, type KurrentServer } from '@aidtrail/testing/kurrentdb';
import { sampleBytes, sampleId } from '../contract/samples.js';
import { StoreUnavailable } from '../port.js';
import { Connection, type WriteResult } from './connection.js';
import { retried } from './retried.js';

let server: KurrentServer;
let connection: Connection;

beforeEach(async () => {
  server = await startKurrentServer();
  connection = new Connection(server.connectionString);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await connection.close();
  await server.stop();
});

const append = (revision = -1): Promise<WriteResult> =>
  connection.append('voucher-1', revision, [{ id: sampleId(1), type: 'aidtrail.commit', data: sampleBytes(1, 10) }]);

describe('a connection that is closed', () => {
  const closed = new StoreUnavailable('the event store is closed');

  it('ends the append that the server does not answer, and makes no other attempt', async () => {
    expect(await connection.readStream('voucher-1', 0, 1)).toEqual([]);
    server.inject({ at: 'append', does: 'silence', times: 1_000 });
    const attempts = jest.spyOn(EventStoreDBClient.prototype, 'appendToStream');
    const sent = retried(() => append(), -1);
    const settled = expect(sent).rejects.toThrow(closed);
    await connection.close();
    await settled;
    expect(attempts).toHaveBeenCalledTimes(1);
  });

  it('ends the reading that the server does not answer', async () => {
    server.inject({ at: 'read', does: 'silence', times: 1_000 });
    const settled = expect(connection.readAll(undefined, 10)).rejects.toThrow(closed);
    await connection.close();
    await settled;
  });

  it('asks the client for nothing any more', async () => {
    await append();
    await connection.close();
    const { prototype } = EventStoreDBClient;
    const calls = [
      jest.spyOn(prototype, 'appendToStream'),
      jest.spyOn(prototype, 'readStream'),
      jest.spyOn(prototype, 'readAll'),
      jest.spyOn(prototype, 'subscribeToAll'),
    ];
    await expect(append(0)).rejects.toThrow(closed);
    await expect(connection.readStream('voucher-1', 0, 1)).rejects.toThrow(closed);
    await expect(connection.lastOfStream('voucher-1')).rejects.toThrow(closed);
    await expect(connection.readAll(undefined, 1)).rejects.toThrow(closed);
    await expect(connection.readAllBackwards(undefined, 1)).rejects.toThrow(closed);
    expect(() => connection.subscribe(undefined, ['aidtrail'])).toThrow(closed);
    for (const call of calls) expect(call).not.toHaveBeenCalled();
  });
});

describe('a clock that is set back', () => {
  it('does not make a reading wait for ever', async () => {
    server.inject({ at: 'read', does: 'silence' });
    const reading = connection.readStream('voucher-1', 0, 1);
    const now = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => now() - 3_600_000);
    await expect(reading).rejects.toThrow(/did not answer/);
  });
});
