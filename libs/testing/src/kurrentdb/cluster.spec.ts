import { ErrorType, type EventStoreDBClient } from '@eventstore/db-client';
import { startKurrentCluster, type KurrentCluster } from './cluster.js';
import { collect, gift, gifts, Opened } from './spec-client.js';

const opened = new Opened();
let cluster: KurrentCluster;
let client: EventStoreDBClient;

beforeEach(async () => {
  cluster = await opened.server(startKurrentCluster(3, { appends: 'classic' }));
  client = opened.client(cluster.connectionString);
});
afterEach(() => opened.close());

/** Which node sent events to readers since the start. */
function readers(): number[] {
  return cluster.nodes.map(({ sentEvents }) => sentEvents);
}

describe('a cluster', () => {
  it('tells the client which node leads', async () => {
    cluster.elect(1);
    await client.appendToStream('s', gifts(3));
    await collect(client.readStream('s'));
    expect(readers()).toEqual([0, 3, 0]);
  });

  it('is asked again when the leader is gone', async () => {
    await client.appendToStream('s', gift(1));
    await cluster.stopNode(0);
    cluster.elect(2);
    await expect(client.appendToStream('s', gift(2))).rejects.toMatchObject({ type: ErrorType.UNAVAILABLE });
    await client.appendToStream('s', gift(3));
    await collect(client.readStream('s'));
    expect(readers()).toEqual([0, 0, 2]);
  });

  it('sends on to the new leader who needs the leader', async () => {
    await client.appendToStream('s', gift(1), { requiresLeader: true });
    cluster.elect(1);
    const late = client.appendToStream('s', gift(2), { requiresLeader: true });
    const { host: address, port } = cluster.nodes[1]?.endpoint ?? { host: '', port: 0 };
    await expect(late).rejects.toMatchObject({ type: ErrorType.NOT_LEADER, leader: { address, port } });
    await client.appendToStream('s', gift(2), { requiresLeader: true });
    await collect(client.readStream('s'));
    expect(readers()).toEqual([0, 2, 0]);
  });

  it('lets a follower pass on what anybody may write', async () => {
    await client.appendToStream('s', gift(1));
    cluster.elect(1);
    expect(await client.appendToStream('s', gift(2))).toMatchObject({ nextExpectedRevision: 1n });
  });

  it('has a follower answer as told', async () => {
    const follower = opened.client(cluster.nodes[2]?.connectionString ?? '');
    cluster.nodes[2]?.inject({ at: 'append', does: 'not-leader' });
    await expect(follower.appendToStream('s', gift(1))).rejects.toMatchObject({ type: ErrorType.NOT_LEADER });
    expect(await follower.appendToStream('s', gift(1))).toMatchObject({ nextExpectedRevision: 0n });
  });

  it('is not found by a client when no node answers for long', async () => {
    for (const node of cluster.nodes) node.inject({ at: 'gossip', does: 'unavailable', times: 99 });
    const settings = '&maxDiscoverAttempts=2&discoveryInterval=10';
    const lost = opened.client(cluster.connectionString + settings);
    await expect(lost.appendToStream('s', gift(1))).rejects.toThrow(/Failed to discover after 2 attempts/);
  });
});

it('tells of the leader to clients of a BatchAppend too', async () => {
  const batching = await opened.server(startKurrentCluster(2));
  const own = opened.client(batching.connectionString);
  await own.appendToStream('s', gift(1), { requiresLeader: true });
  batching.elect(1);
  const late = own.appendToStream('s', gift(2), { requiresLeader: true });
  await expect(late).rejects.toMatchObject({ type: ErrorType.NOT_LEADER });
  expect(await own.appendToStream('s', gift(2), { requiresLeader: true })).toMatchObject({ nextExpectedRevision: 1n });
  await collect(own.readStream('s'));
  expect(batching.nodes.map(({ sentEvents }) => sentEvents)).toEqual([0, 2]);
});
