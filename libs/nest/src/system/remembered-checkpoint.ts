import { readFile } from 'node:fs/promises';
import type { Pool } from 'pg';
import type { CheckpointStore, StoredCheckpoint } from '@aidtrail/ledger';
import { replaceFile } from '@aidtrail/log-files';

/** The newest checkpoint as the file beside the keys remembers it. */
interface Remembered {
  readonly size: number;
  readonly root: string;
  readonly note: string;
}

/** The database is an older copy than what this server has signed, or another one. */
class DatabaseRolledBack extends Error {
  override readonly name = 'DatabaseRolledBack';
}

/**
 * Remembers the newest signed checkpoint outside the database as well, so that a database that was put back to an older
 * state is noticed at the next start: going on from it would sign a second history. The file is replaced durably; a crash between the database and the file leaves a file that is older, which is harmless.
 */
export function rememberOutside(store: CheckpointStore, file: string): CheckpointStore {
  return {
    rootAt: (size) => store.rootAt(size),
    noteAt: (size) => store.noteAt(size),
    latest: () => store.latest(),
    newest: () => store.newest(),
    add: async (next: StoredCheckpoint, previousSize: number) => {
      const added = await store.add(next, previousSize);
      if (added) await replaceFile(file, JSON.stringify({ size: next.size, root: next.root, note: next.note }));
      return added;
    },
  };
}

/**
 * Resolves to a warning when there is no file although checkpoints were signed: then nothing was compared.
 * @throws DatabaseRolledBack unless the database holds the checkpoint that the file remembers.
 */
export async function requireNotRolledBack(store: CheckpointStore, file: string): Promise<string | undefined> {
  const remembered = await readRemembered(file);
  if (remembered === undefined) return warningWithout(store, file);
  const root = await store.rootAt(remembered.size);
  if (root === remembered.root) return undefined;
  throw new DatabaseRolledBack(
    root === undefined
      ? `This server has signed a checkpoint over ${remembered.size} events (${file}) that the database does not hold: it ` +
          'is an older copy or another database. Restore a newer backup; if there is none, see "When no backup is new ' +
          'enough" in docs/operations.md. Never delete the file to get past this.'
      : `The database holds another checkpoint over ${remembered.size} events than the one this server has signed (${file}). ` +
          'Do not go on; keep both and ask an auditor.',
  );
}

/**
 * The same without making any table: for who must know that this is the ledger's database before he goes by its locks.
 * @throws DatabaseRolledBack
 */
export async function requireWhatWasSigned(pool: Pick<Pool, 'query'>, file: string): Promise<void> {
  const remembered = await readRemembered(file);
  if (remembered === undefined) return;
  const { rows: tables } = await pool.query<{ there: boolean }>(
    "select to_regclass('ledger.checkpoints') is not null as there",
  );
  const { rows } =
    tables[0]?.there === true
      ? await pool.query<{ root: string }>('select root from ledger.checkpoints where size = $1', [remembered.size])
      : { rows: [] };
  if (rows[0]?.root === remembered.root) return;
  throw new DatabaseRolledBack(
    `PostgreSQL (DATABASE_URL) does not hold the checkpoint over ${remembered.size} events that this ledger has signed ` +
      `(${file}): it is another database, or an older copy of this ledger's.`,
  );
}

async function warningWithout(store: CheckpointStore, file: string): Promise<string | undefined> {
  const newest = await store.newest();
  if (newest === undefined) return undefined;
  return (
    `${file} is missing, so nobody can say here whether the database is an older copy. Its newest checkpoint is over ` +
    `${newest.size} events: compare that with one that was kept elsewhere. The next checkpoint writes the file again.`
  );
}

async function readRemembered(file: string): Promise<Remembered | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return JSON.parse(text) as Remembered;
}
