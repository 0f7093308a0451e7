import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nodeSha256 } from '@aidtrail/crypto-node';
import { base64Encode, leafHash } from '@aidtrail/envelope';
import { createPostgresEventStore } from '@aidtrail/event-store';
import { startEmbeddedPostgres } from '@aidtrail/event-store/embedded';
import { readLedgerFileOrThrow, readServerKeysOrThrow } from '@aidtrail/nest';
import {
  createNoteSigner,
  createTreeHasher,
  signCheckpoint,
  TileBuilder,
  tilePath,
  type Tile,
} from '@aidtrail/public-log';
import type { BenchContext } from '../result.js';
import { syntheticLog } from '../synthetic.js';

/** The large log as files, and the policy of an auditor. */
export interface PublishedLog {
  readonly log: string;
  readonly policyFile: string;
  readonly size: number;
}

const hasher = createTreeHasher(nodeSha256);

/** Publishes the large log beside its store, once. */
export async function publishedLog(context: BenchContext): Promise<PublishedLog> {
  const { directory } = await syntheticLog(context);
  return publishedFrom(directory, context);
}

/** What was published from a data directory before. */
export async function foundIn(directory: string): Promise<PublishedLog | undefined> {
  const paths = pathsIn(directory);
  const checkpoint = await readFile(join(paths.log, 'checkpoint'), 'utf8').catch(() => undefined);
  return checkpoint === undefined ? undefined : { ...paths, size: Number(checkpoint.split('\n')[1]) };
}

/** Publishes the log of a data directory whose database does not run, once. */
export async function publishedFrom(directory: string, context: BenchContext): Promise<PublishedLog> {
  const found = await foundIn(directory);
  if (found !== undefined) return found;
  const { log, policyFile } = pathsIn(directory);
  context.progress('log: publishing its files');
  const server = await startEmbeddedPostgres({ dataDirectory: directory, database: 'aidtrail' });
  try {
    return {
      log,
      policyFile,
      size: await publish({ connectionString: server.connectionString, directory, log, policyFile }),
    };
  } finally {
    await server.stop();
  }
}

function pathsIn(directory: string) {
  return { log: join(directory, 'published'), policyFile: join(directory, 'published-policy.txt') };
}

async function publish(of: {
  readonly connectionString: string;
  readonly directory: string;
  readonly log: string;
  readonly policyFile: string;
}): Promise<number> {
  const { origin, checkpointVkey } = await readLedgerFileOrThrow(of.directory);
  const { checkpointSigner } = await readServerKeysOrThrow(of.directory);
  const store = createPostgresEventStore({ connectionString: of.connectionString, readConnections: 2 });
  const builder = new TileBuilder(hasher);
  const write = async (tiles: readonly Tile[]): Promise<void> => {
    for (const { id, bytes } of tiles) {
      const path = join(of.log, tilePath(id));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    }
  };
  let opening = '';
  try {
    for await (const leaves of store.readLeaves()) {
      for (const leaf of leaves) {
        if (builder.size === 0) opening = base64Encode(leafHash(leaf));
        // The store uses a batch's memory again.
        builder.append(leaf.slice());
      }
      await write(builder.takeFull());
    }
    await write(builder.partials());
  } finally {
    await store.close();
  }
  const signer = createNoteSigner(origin, checkpointSigner);
  await writeFile(of.policyFile, `log ${checkpointVkey}\nquorum none\n# aidtrail-leaf0 ${opening}\n`);
  const note = signCheckpoint({ origin, size: builder.size, root: builder.root() }, signer);
  await writeFile(join(of.log, 'checkpoint'), note);
  return builder.size;
}
