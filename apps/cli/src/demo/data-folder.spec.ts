import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireOwnerLock } from '@aidtrail/data-directory';
import { clearDemoFolder } from './data-folder.js';

describe('the demo’s data folder', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aidtrail-folder-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const ledger = (demo: boolean): string =>
    JSON.stringify({
      v: 1,
      origin: 'ledger.example/relief',
      eventKey: 'e',
      checkpointVkey: 'c',
      roots: [
        { officer: 'root-1', publicKey: 'a' },
        { officer: 'root-2', publicKey: 'b' },
      ],
      utcOffsetMinutes: 480,
      k: 10,
      demo,
    });

  it('may be missing or empty', async () => {
    expect(await clearDemoFolder(folder)).toBe(false);
    expect(await clearDemoFolder(join(folder, 'not-there'))).toBe(false);
  });

  it('is removed if it holds an earlier demo', async () => {
    await writeFile(join(folder, 'ledger.json'), ledger(true));
    expect(await clearDemoFolder(folder)).toBe(true);
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
  });

  it('is left alone if it holds a ledger that is no demo', async () => {
    await writeFile(join(folder, 'ledger.json'), ledger(false));
    await expect(clearDemoFolder(folder)).rejects.toThrow('which is no demo');
    expect(await readdir(folder)).toEqual(['ledger.json']);
  });

  it('is left alone if it holds anything else', async () => {
    await writeFile(join(folder, 'thesis.txt'), 'mine');
    await expect(clearDemoFolder(folder)).rejects.toThrow('no finished demo ledger');
    expect(await readdir(folder)).toEqual(['thesis.txt']);
  });

  it('is left alone while a process runs its database', async () => {
    await writeFile(join(folder, 'ledger.json'), ledger(true));
    await mkdir(join(folder, 'postgres'));
    const lock = await acquireOwnerLock(join(folder, 'postgres'));
    await expect(clearDemoFolder(folder)).rejects.toThrow('is in use by process');
    await lock.release();
    expect(await clearDemoFolder(folder)).toBe(true);
  });
});
