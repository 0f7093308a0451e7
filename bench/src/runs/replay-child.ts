import { nodeSha256 } from '@aidtrail/crypto-node';
import { streamConcept, type DomainEvent, type Recorded } from '@aidtrail/domain';
import { base64Encode, leafHash } from '@aidtrail/envelope';
import { createPostgresEventStore, type StoredEvent } from '@aidtrail/event-store';
import { inputOfChild, tellParent } from './children.js';
import { CompactRange, createTreeHasher } from '@aidtrail/public-log';

/** What the child tells its parent when it is done. */
export interface ReplayReport {
  readonly events: number;
  readonly streams: number;
  readonly seconds: number;
  readonly root: string;
  readonly peakRssMb: number;
  /** Resident memory at each tenth of the log. */
  readonly rssMb: readonly number[];
}

const decoder = new TextDecoder();

/**
 * Replays a whole store in one thread: every leaf is parsed, folded into its stream's state by that stream's decider,
 * hashed, and taken into the Merkle tree. Disclosures stay closed and signatures unverified.
 */
async function replay(connectionString: string): Promise<ReplayReport> {
  const store = createPostgresEventStore({ connectionString, readConnections: 2 });
  const states = new Map<string, unknown>();
  const tree = new CompactRange(createTreeHasher(nodeSha256));
  const rssMb: number[] = [];
  try {
    const head = await store.head();
    const start = performance.now();
    let peak = 0;
    for await (const batch of store.readAll()) {
      for (const stored of batch) fold(states, tree, stored);
      const now = process.memoryUsage.rss() / 2 ** 20;
      peak = Math.max(peak, now);
      if (tree.size >= ((rssMb.length + 1) * head) / 10) rssMb.push(Math.round(now));
    }
    const seconds = (performance.now() - start) / 1_000;
    const root = base64Encode(tree.root());
    return { events: tree.size, streams: states.size, seconds, root, peakRssMb: Math.round(peak), rssMb };
  } finally {
    await store.close();
  }
}

function fold(states: Map<string, unknown>, tree: CompactRange, { bytes, stream, id, position }: StoredEvent): void {
  const concept = streamConcept(stream);
  if (concept === undefined) throw new Error('The log holds a stream of an unknown category.');
  const { decider } = concept;
  const { type, day, data } = JSON.parse(decoder.decode(bytes)) as { type: string; day: string; data: object };
  const event: Recorded<DomainEvent> = { type, data, id, position, day };
  states.set(stream, decider.evolve(states.get(stream) ?? decider.initial, event));
  tree.append(leafHash(bytes, nodeSha256));
}

await tellParent(await replay(await inputOfChild<string>()));
process.disconnect();
