import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Another living process owns the data directory. */
export class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse';
}

export interface OwnerLock {
  /** Adds facts for those who find the lock later. */
  note(facts: { readonly watcherPid: number }): Promise<void>;
  release(): Promise<void>;
}

interface Owner {
  readonly pid: number;
  /** When the process began, in the system's own terms: a process id alone may be used again after a crash. */
  readonly began: string;
}

const held = new Set<string>();

/** Takes `<home>/owner.json`, also from an owner that no longer lives; throws DataDirectoryInUse otherwise. */
export async function acquireOwnerLock(home: string): Promise<OwnerLock> {
  const path = join(home, 'owner.json');
  const self: Owner = { pid: process.pid, began: beginningOf(process.pid) ?? 'unknown' };
  if (held.has(path)) throw inUse(home, process.pid);
  held.add(path);
  try {
    while (!(await create(path, self))) await removeStaleOrThrow(path, home);
  } catch (error) {
    held.delete(path);
    throw error;
  }
  return {
    note: (facts) => writeFile(path, JSON.stringify({ ...self, ...facts })),
    release: async () => {
      if (held.delete(path)) await rm(path, { force: true });
    },
  };
}

/** A link either appears with its full content or not at all. */
async function create(path: string, owner: Owner): Promise<boolean> {
  const draft = `${path}.${owner.pid}`;
  await writeFile(draft, JSON.stringify(owner));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Two starters may find the same stale lock: what was moved away is looked at again, and put back if it is alive. */
async function removeStaleOrThrow(path: string, home: string): Promise<void> {
  const owner = await ownerIn(path);
  if (owner && isAlive(owner)) throw inUse(home, owner.pid);
  const aside = `${path}.stale-${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await ownerIn(aside);
  if (moved && isAlive(moved)) {
    await link(aside, path).catch(() => undefined);
    await rm(aside, { force: true });
    throw inUse(home, moved.pid);
  }
  await rm(aside, { force: true });
}

async function ownerIn(path: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

function isAlive(owner: Owner): boolean {
  if (owner.pid === process.pid) return false; // this process does not hold it, or `held` would have said so
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const began = beginningOf(owner.pid);
  if (began === 'ended') return false;
  return began === undefined || owner.began === 'unknown' || began === owner.began;
}

/**
 * On Linux the boot and the clock tick at which a process began, 'ended' for one that is dead but not yet reaped;
 * undefined elsewhere or when it is gone.
 */
function beginningOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : `${boot}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function inUse(home: string, pid: number): DataDirectoryInUse {
  return new DataDirectoryInUse(
    `the data directory ${home} is in use by process ${pid}: stop that process, or choose another directory`,
  );
}
