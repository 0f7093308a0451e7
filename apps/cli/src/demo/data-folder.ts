import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { IdentityProblem, readLedgerFile } from '@aidtrail/nest';

/** The data folder cannot be used for a demo; the message says what to do. */
export class FolderProblem extends Error {
  override readonly name = 'FolderProblem';
}

/**
 * Makes room for a new demo: an earlier demo's folder is removed, anything else is left alone and refused. True if
 * something was removed.
 */
export async function clearDemoFolder(folder: string): Promise<boolean> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (entries.length === 0) return false;
  const advice = 'Name another folder with --data, or move this one away.';
  const ledger = await readLedgerFile(folder).catch((error: unknown) => {
    if (error instanceof IdentityProblem) return undefined;
    throw error;
  });
  if (ledger === undefined)
    throw new FolderProblem(`${folder} holds something that is no finished demo ledger. ${advice}`);
  if (!ledger.demo) throw new FolderProblem(`${folder} holds the ledger ${ledger.origin}, which is no demo. ${advice}`);
  const owner = await livingOwner(folder);
  if (owner !== undefined)
    throw new FolderProblem(`${folder} is in use by process ${owner}. Stop that demo first (Ctrl-C), or use --data.`);
  await rm(folder, { recursive: true });
  return true;
}

/** The process that runs the folder's database, if it lives. */
async function livingOwner(folder: string): Promise<number | undefined> {
  const text = await readFile(join(folder, 'postgres', 'owner.json'), 'utf8').catch(() => undefined);
  const pid = /"pid":(\d+)/.exec(text ?? '')?.[1];
  if (pid === undefined) return undefined;
  try {
    process.kill(Number(pid), 0);
    return Number(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? Number(pid) : undefined;
  }
}
