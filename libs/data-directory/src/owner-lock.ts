import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beginningOf, isAlive, processSpace } from './processes.js';

/** Another living process owns the data directory. */
export class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse';
}

export interface OwnerLock {
  /** Adds facts for those who find the lock later. */
  note(facts: Readonly<Record<string, string | number>>): Promise<void>;
  release(): Promise<void>;
}

export interface OwnerLockOptions {
  /** Called once if another process took the directory, because this one did not show for so long that it lived. */
  readonly onLost?: () => void;
  /** Where this process lives: for specs, which cannot begin a container. */
  readonly space?: string;
  /** How often the owner shows that it lives, and after how long without that it is taken for dead. */
  readonly beatMilliseconds?: number;
  readonly silentMilliseconds?: number;
}

const DEFAULTS = { beatMilliseconds: 1_000, silentMilliseconds: 10_000 };
const LOOKS = 40;

interface Owner {
  readonly pid: number;
  /** The process id's own meaning; see `processSpace` and `beginningOf`. */
  readonly space: string;
  readonly began?: string;
  /** Of this one taking: no two owners have the same. */
  readonly token: string;
}

/** An owner as somebody else finds it. */
interface Found {
  /** Undefined for a file that is no owner's. */
  readonly owner: Partial<Owner> | undefined;
  /** When it last showed that it lived; only ever compared with itself. */
  readonly shownAt: number;
}

const held = new Set<string>();

/**
 * Takes `<folder>/owner.json`, also from an owner that no longer lives. In the same container or on the same machine its
 * process id and beginning say at once whether it lives. In another one the number says nothing (both may be 1): there a
 * living owner touches the file every second, and one that does not for ten seconds is dead. An owner that was only
 * stopped for so long finds out at its next beat, and is told to end.
 *
 * Throws DataDirectoryInUse.
 */
export async function acquireOwnerLock(folder: string, options: OwnerLockOptions = {}): Promise<OwnerLock> {
  const timing = { ...DEFAULTS, ...options };
  const path = join(folder, 'owner.json');
  const began = beginningOf(process.pid);
  const self: Owner = {
    pid: process.pid,
    space: options.space ?? processSpace(),
    ...(began === undefined ? {} : { began }),
    token: randomUUID(),
  };
  // Before it is there to be found, by another call in this process as well.
  held.add(self.token);
  try {
    while (!(await create(path, self)))
      await removeStaleOrThrow({ path, folder, self, silent: timing.silentMilliseconds });
  } catch (error) {
    held.delete(self.token);
    throw error;
  }
  const beating = new Beating(path, self, timing.beatMilliseconds, options.onLost);
  return {
    note: (facts) => replace(path, { ...self, ...facts }),
    release: async () => {
      await beating.end();
      if (held.delete(self.token) && (await find(path))?.owner?.token === self.token) await rm(path, { force: true });
    },
  };
}

/** The sign of life. */
class Beating {
  private last: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly path: string,
    private readonly self: Owner,
    everyMilliseconds: number,
    private readonly onLost: (() => void) | undefined,
  ) {
    this.timer = setInterval(() => {
      this.last = this.beat().catch(() => undefined);
    }, everyMilliseconds);
    this.timer.unref();
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.last;
  }

  private async beat(): Promise<void> {
    if ((await find(this.path))?.owner?.token === this.self.token) {
      const now = new Date();
      return utimes(this.path, now, now);
    }
    clearInterval(this.timer);
    if (held.delete(this.self.token)) this.onLost?.();
  }
}

/** A link either appears with its full content or not at all. */
async function create(path: string, owner: Owner): Promise<boolean> {
  const draft = `${path}.${owner.token}`;
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

/** Whoever reads it meanwhile finds the one or the other, whole. */
async function replace(path: string, owner: Owner): Promise<void> {
  const draft = `${path}.${owner.token}`;
  await writeFile(draft, JSON.stringify(owner));
  await rename(draft, path);
}

/** Two starters may find the same stale lock: what was moved away is looked at again, and put back if it is another. */
async function removeStaleOrThrow(at: {
  readonly path: string;
  readonly folder: string;
  readonly self: Owner;
  readonly silent: number;
}): Promise<void> {
  const { path, folder, self } = at;
  const found = await find(path);
  if (found === undefined) return;
  if (await lives(found, at)) throw inUse(folder, found.owner, self);
  const aside = `${path}.stale-${self.token}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await find(aside);
  const isAnother = moved?.owner?.token !== found.owner?.token;
  if (isAnother) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
  if (isAnother) throw inUse(folder, moved?.owner, self);
}

async function lives(
  { owner, shownAt }: Found,
  { path, self, silent }: { readonly path: string; readonly self: Owner; readonly silent: number },
): Promise<boolean> {
  if (owner?.pid !== undefined && owner.space === self.space)
    // Of this very process, it lives unless it was an earlier one with the same number.
    return owner.pid === process.pid ? held.has(owner.token ?? '') : isAlive(owner.pid, owner.began);
  for (let look = 0; look < LOOKS; look += 1) {
    await pause(silent / LOOKS);
    const again = await find(path);
    if (again === undefined) return false;
    if (again.owner?.token !== owner?.token || again.shownAt !== shownAt) return true;
  }
  return false;
}

/** Undefined if there is none. Opening it makes a network's file system look anew. */
async function find(path: string): Promise<Found | undefined> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    const { mtimeMs } = await file.stat();
    return { owner: ownerIn(await readFile(file, 'utf8')), shownAt: mtimeMs };
  } finally {
    await file.close();
  }
}

function ownerIn(text: string): Partial<Owner> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function inUse(folder: string, owner: Partial<Owner> | undefined, self: Owner): DataDirectoryInUse {
  const isHere = owner?.space === self.space;
  const who = isHere ? `process ${owner.pid}` : `a process in another container or on another machine`;
  return new DataDirectoryInUse(
    `the data directory ${folder} is in use by ${who}: stop that process, or choose another directory`,
  );
}
