import { NO_STREAM } from '@eventstore/db-client';
import { forkKurrentServer } from './server-process.js';
import { collect, gifts, Opened } from './spec-client.js';

const opened = new Opened();
afterEach(() => opened.close());

it('a server in another process keeps its data over a restart, and takes faults', async () => {
  const server = await opened.server(forkKurrentServer({ appends: 'classic' }));
  const client = opened.client(server.connectionString);
  const events = gifts(5);
  await server.inject({ at: 'append-committed', does: 'kill' });
  await expect(client.appendToStream('s', events, { expectedRevision: NO_STREAM })).rejects.toThrow();
  const again = await client.appendToStream('s', events, { expectedRevision: NO_STREAM });
  expect(again.nextExpectedRevision).toBe(4n);
  await server.restart(10);
  let read: unknown[] = [];
  for (let tries = 0; tries < 50 && read.length === 0; tries += 1) {
    read = await collect(client.readStream('s')).catch(() => []);
  }
  expect(read).toHaveLength(5);
  expect(await server.sentEvents()).toBe(5);
  await server.stop();
  await expect(collect(client.readStream('s'))).rejects.toThrow();
});
