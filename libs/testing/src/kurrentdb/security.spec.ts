import { ErrorType, NO_STREAM, type EventStoreDBClient } from '@eventstore/db-client';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeNodeCertificate, type NodeCertificate } from './certificates.js';
import { startKurrentServer, type KurrentServer } from './server.js';
import { collect, Followed, gift, Opened } from './spec-client.js';

const denied = { type: ErrorType.ACCESS_DENIED };
const opened = new Opened();
let folder: string;
let tls: NodeCertificate;
let server: KurrentServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kurrent-tls-'));
  tls = await makeNodeCertificate(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  const users = {
    admin: { password: 'changed', groups: ['$admins'] },
    ledger: { password: 'correct horse' },
    auditor: { password: 'p:w', groups: ['auditors'] },
  };
  server = await opened.server(startKurrentServer({ tls, users }));
});
afterEach(() => opened.close());

function as(name: string, password: string): EventStoreDBClient {
  return opened.client(server.connectionStringAs(name, password));
}

describe('a server with TLS', () => {
  it('is spoken to by who trusts its authority and names a user', async () => {
    const client = as('ledger', 'correct horse');
    await client.appendToStream('s', gift(1), { expectedRevision: NO_STREAM });
    expect(await collect(client.readStream('s'))).toHaveLength(1);
  });

  it('is not spoken to by who trusts another authority', async () => {
    const other = await mkdtemp(join(folder, 'other-'));
    const { caFile } = await makeNodeCertificate(other);
    const client = opened.client(server.connectionStringAs('ledger', 'correct horse').replace(tls.caFile, caFile));
    const credentials = { username: 'ledger', password: 'correct horse' };
    const appending = client.appendToStream('s', gift(1), { credentials });
    await expect(appending).rejects.toMatchObject({ type: ErrorType.UNAVAILABLE });
    expect(server.memory.stream('s')).toBeUndefined();
  });

  it('loses its connections as others do', async () => {
    const client = as('ledger', 'correct horse');
    await client.appendToStream('warm', gift(1));
    server.inject({ at: 'append-committed', does: 'kill' });
    const credentials = { username: 'ledger', password: 'correct horse' };
    await expect(client.appendToStream('s', gift(1), { credentials })).rejects.toThrow();
    expect(server.memory.stream('s')?.events).toHaveLength(1);
  });
});

describe.each(['shared', 'per call'] as const)('credentials, %s', (kind) => {
  async function append(name: string, password: string, stream: string): Promise<unknown> {
    if (kind === 'shared') return as(name, password).appendToStream(stream, gift(1));
    const client = opened.client(server.connectionString);
    return client.appendToStream(stream, gift(1), { credentials: { username: name, password } });
  }

  it('must be those of a user', async () => {
    await expect(append('ledger', 'wrong', 's')).rejects.toMatchObject(denied);
    await expect(append('nobody', 'correct horse', 's')).rejects.toMatchObject(denied);
    expect(await append('auditor', 'p:w', 's')).toMatchObject({ success: true });
  });

  it('must be of somebody whom the stream admits', async () => {
    const admin = as('admin', 'changed');
    await admin.setStreamMetadata('s', { acl: { readRoles: ['auditors'], writeRoles: ['ledger'] } });
    expect(await append('ledger', 'correct horse', 's')).toMatchObject({ success: true });
    await expect(append('auditor', 'p:w', 's')).rejects.toMatchObject(denied);
    await expect(append('ledger', 'correct horse', '$system')).rejects.toMatchObject(denied);
    expect(await collect(as('auditor', 'p:w').readStream('s'))).toHaveLength(1);
    await expect(collect(as('ledger', 'correct horse').readStream('s'))).rejects.toMatchObject(denied);
  });
});

describe('who may do what', () => {
  it('nothing without credentials', async () => {
    const client = opened.client(server.connectionString);
    await expect(client.appendToStream('s', gift(1))).rejects.toMatchObject(denied);
    await expect(collect(client.readStream('s'))).rejects.toMatchObject(denied);
  });

  it('everything is read by administrators, and by those whom $all admits', async () => {
    const ledger = as('ledger', 'correct horse');
    await expect(collect(ledger.readAll())).rejects.toMatchObject(denied);
    const refused = new Followed(ledger.subscribeToAll());
    await refused.until(({ errors }) => errors.length === 1);
    expect(refused.errors[0]).toMatchObject(denied);
    await as('admin', 'changed').setStreamMetadata('$all', { acl: { readRoles: ['ledger', '$admins'] } });
    expect((await collect(ledger.readAll())).length).toBeGreaterThan(0);
  });

  it('deletes only where the stream admits it', async () => {
    const [admin, ledger] = [as('admin', 'changed'), as('ledger', 'correct horse')];
    await ledger.appendToStream('s', gift(1));
    await admin.setStreamMetadata('s', { acl: { deleteRoles: ['$admins'] } });
    await expect(ledger.tombstoneStream('s')).rejects.toMatchObject(denied);
    await admin.tombstoneStream('s');
  });
});
