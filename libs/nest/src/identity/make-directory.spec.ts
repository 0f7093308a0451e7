import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeDirectory } from './make-directory.js';

describe('a directory is made', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'make-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('with those above it, and again without harm', async () => {
    const path = join(directory, 'a', 'b', 'c');
    await Promise.all([makeDirectory(path), makeDirectory(path)]);
    await makeDirectory(path);
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it('or it is said why not, where a file stands in the way or nothing can be made', async () => {
    await writeFile(join(directory, 'file'), '');
    await expect(makeDirectory(join(directory, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeDirectory(join(directory, 'file', 'x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    // Such as /proc on Linux; elsewhere the root of a file system that there is not.
    await expect(makeDirectory('/proc/aidtrail')).rejects.toMatchObject({ code: expect.any(String) });
  });
});
