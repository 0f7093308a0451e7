import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { acquireOwnerLock, DataDirectoryInUse, type OwnerLock } from './owner-lock.js';
import { beginningOf, processSpace } from './processes.js';

let folder: string;
const locks: OwnerLock[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'owner-lock-'));
});
afterEach(async () => {
  for (const lock of locks.splice(0)) await lock.release();
  await rm(folder, { recursive: true, force: true });
});

const QUICK = { beatMilliseconds: 10, silentMilliseconds: 400 };

async function take(options: Parameters<typeof acquireOwnerLock>[1] = {}): Promise<OwnerLock> {
  const lock = await acquireOwnerLock(folder, { ...QUICK, ...options });
  locks.push(lock);
  return lock;
}
const owner = async (): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(folder, 'owner.json'), 'utf8')) as Record<string, unknown>;
const leave = (found: object | string): Promise<void> =>
  writeFile(join(folder, 'owner.json'), typeof found === 'string' ? found : JSON.stringify(found));

describe('a data directory', () => {
  it('has one owner at a time, and another one once it was released', async () => {
    const first = await take();
    await expect(take()).rejects.toThrow(DataDirectoryInUse);
    await expect(take()).rejects.toThrow(`in use by process ${process.pid}: stop that process`);
    await first.release();
    await (await take()).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('goes to one of several that find the same dead owner', async () => {
    await leave({ pid: 2 ** 22 + 1, space: processSpace(), token: 'dead' });
    const taken = await Promise.allSettled(Array.from({ length: 8 }, () => take()));
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await readdir(folder)).filter((name) => name !== 'owner.json')).toEqual([]);
  });

  it('keeps what its owner has noted', async () => {
    const lock = await take();
    await lock.note({ watcherPid: 5 });
    expect(await owner()).toMatchObject({ pid: process.pid, watcherPid: 5 });
    await expect(take()).rejects.toThrow(DataDirectoryInUse);
  });
});

describe('an owner on this machine', () => {
  it.each([
    ['that has ended', () => ({ pid: 2 ** 22 + 1, began: '1' })],
    ['whose number another process has by now', () => ({ pid: process.ppid, began: '1' })],
    ['that had the number of this process', () => ({ pid: process.pid, began: '1' })],
  ])('%s is passed over at once', async (_what, make) => {
    await leave({ ...make(), space: processSpace(), token: 'earlier' });
    await take({ silentMilliseconds: 600_000 });
    expect(await owner()).toMatchObject({ pid: process.pid });
  });

  it('that lives is not, though it shows nothing', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    const gone = new Promise((resolve) => other.once('exit', resolve));
    try {
      const began = beginningOf(other.pid as number);
      await leave({ pid: other.pid, ...(began === undefined ? {} : { began }), space: processSpace(), token: 'other' });
      await expect(take()).rejects.toThrow(`process ${other.pid}`);
    } finally {
      other.kill('SIGKILL');
      await gone;
    }
  });
});

describe('an owner in another container, whose process has the same number', () => {
  it('keeps the directory as long as it shows that it lives', async () => {
    await take({ space: 'container a' });
    await expect(take({ space: 'container b' })).rejects.toThrow('in another container or on another machine');
    expect(await owner()).toMatchObject({ space: 'container a', pid: process.pid });
  });

  it.each([
    ['that shows nothing', { pid: 1, began: '7', space: 'container a', token: 'a' }],
    ['of which only rubbish is left', '{"pid":1,'],
  ])('%s is passed over', async (_what, left) => {
    await leave(left);
    await take({ space: 'container b' });
    expect(await owner()).toMatchObject({ space: 'container b' });
  });

  it('and was only stopped for long is told that it has lost the directory, and does not take away the new owner’s', async () => {
    let lost: () => void = () => undefined;
    const told = new Promise<void>((resolve) => (lost = resolve));
    const first = await take({ space: 'container a', onLost: () => lost() });
    await leave({ pid: 1, space: 'container b', token: 'b' });
    await told;
    await first.release();
    expect(await owner()).toMatchObject({ token: 'b' });
  });
});
