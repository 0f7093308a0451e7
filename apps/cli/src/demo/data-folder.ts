import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireOwnerLock, DataDirectoryInUse, type OwnerLock } from '@aidtrail/data-directory';
import {
  IdentityProblem,
  isOpeningPending,
  openingPath,
  readLedgerFile,
  readOpeningOrThrow,
  termsOf,
} from '@aidtrail/nest';

/** The data folder cannot be used for a demo; the message says what to do. */
export class FolderProblem extends Error {
  override readonly name = 'FolderProblem';
}

/**
 * Makes room for a new demo: an earlier demo's folder is removed, also of one that never got to its first leaf; anything
 * else is left alone and refused. True if something was removed.
 */
export async function clearDemoFolder(folder: string): Promise<boolean> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (entries.length === 0) return false;
  const advice = 'Name another folder with --data, or move this one away.';
  const ledger = await ledgerIn(folder).catch((error: unknown) => {
    if (error instanceof IdentityProblem) return undefined;
    throw error;
  });
  if (ledger === undefined) throw new FolderProblem(`${folder} holds something that is no demo ledger. ${advice}`);
  if (ledger.demo !== true)
    throw new FolderProblem(`${folder} holds the ledger ${ledger.origin}, which is no demo. ${advice}`);
  const lock = await ownDatabase(folder);
  await rm(folder, { recursive: true });
  await lock?.release();
  return true;
}

/** The ledger that was opened here, or was about to be when its process ended. */
async function ledgerIn(
  folder: string,
): Promise<{ readonly origin: string; readonly demo?: boolean | undefined } | undefined> {
  const ledger = await readLedgerFile(folder);
  if (ledger !== undefined || !(await isOpeningPending(folder))) return ledger;
  return termsOf(await readOpeningOrThrow(openingPath(folder)));
}

/** Owns the folder's database, so that nobody starts it meanwhile; undefined if there is none. */
async function ownDatabase(folder: string): Promise<OwnerLock | undefined> {
  const home = join(folder, 'postgres');
  const isThere = await stat(home).then(
    () => true,
    () => false,
  );
  if (!isThere) return undefined;
  return acquireOwnerLock(home).catch((fault: unknown) => {
    if (!(fault instanceof DataDirectoryInUse)) throw fault;
    throw new FolderProblem(`Stop that demo first (Ctrl-C), or use --data: ${fault.message}.`);
  });
}
