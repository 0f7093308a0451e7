import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolder } from './make-folder.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'make-folder-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('a folder', () => {
  it('is made with those above it, by several at once, and left alone when it is there', async () => {
    const path = join(home, 'a', 'b', 'c');
    await Promise.all(Array.from({ length: 8 }, () => makeFolder(path, 0o700)));
    await makeFolder(path);
    const { mode } = await stat(path);
    expect(process.platform === 'win32' ? 0o700 : mode & 0o777).toBe(0o700);
  });

  it('is not made below a file, or in its place', async () => {
    await writeFile(join(home, 'file'), '');
    await expect(makeFolder(join(home, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(home, 'file', 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('is refused where nothing can be made', async () => {
    const path = existsSync('/proc/self') ? '/proc/aidtrail/data' : join(home, 'file', 'data');
    await writeFile(join(home, 'file'), '');
    await expect(makeFolder(path)).rejects.toMatchObject({ code: expect.stringMatching(/^ENO/) });
  });
});
