import { KurrentMemory } from './memory.js';
import { startKurrentServer, type KurrentServer, type ServerSettings } from './server.js';
import type { Member } from './gossip.js';

/**
 * Nodes that say they are a cluster: each names the leader when it is asked. They share one memory, so nothing is
 * replicated, lost or elected: that belongs to the real server.
 */
export interface KurrentCluster {
  readonly nodes: readonly KurrentServer[];
  /** Names every node. */
  readonly connectionString: string;
  /** From now on this node is the leader. */
  elect(index: number): void;
  /** Ends a node; the others say that it is not alive. Elect another first if it leads. */
  stopNode(index: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startKurrentCluster(size: number, settings: ServerSettings = {}): Promise<KurrentCluster> {
  const memory = new KurrentMemory();
  const nodes: KurrentServer[] = [];
  const stopped = new Set<KurrentServer>();
  let leader = 0;
  const members = (): Member[] =>
    nodes.map((node, at) => ({
      ...node.endpoint,
      state: at === leader ? 'leader' : 'follower',
      isAlive: !stopped.has(node),
    }));
  for (let at = 0; at < size; at += 1)
    nodes.push(await startKurrentServer({ ...settings, memory, cluster: { members } }));
  const stop = async (node: KurrentServer): Promise<void> => {
    if (stopped.has(node)) return;
    stopped.add(node);
    await node.stop();
  };
  const hosts = nodes.map(({ endpoint }) => `${endpoint.host}:${endpoint.port}`).join(',');
  return {
    nodes,
    connectionString: `esdb://${hosts}?${nodes[0]?.connectionString.split('?')[1]}`,
    elect: (index) => {
      leader = index;
    },
    stopNode: async (index) => {
      const node = nodes[index];
      if (node !== undefined) await stop(node);
    },
    stop: async () => {
      await Promise.all(nodes.map(stop));
    },
  };
}
