import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { base64Encode } from '@aidtrail/envelope';
import { createKeyFile, readKeyFileOrThrow } from './index.js';

const withCode = (code: string): unknown => expect.objectContaining({ name: 'KeyFileProblem', code });
const secret = Uint8Array.from({ length: 32 }, (_, i) => i);
let directory: string;
let files = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aidtrail-keys-'));
});
afterAll(() => rm(directory, { recursive: true }));

const newPath = (): string => join(directory, `${(files += 1)}.key`);

describe('a key file', () => {
  it.each(['ed25519-seed', 'secret'] as const)('gives back what was written, to its owner only: %s', async (kind) => {
    const path = newPath();
    await createKeyFile(path, kind, secret);
    expect(await readKeyFileOrThrow(path, kind)).toEqual(secret);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is never replaced', async () => {
    const path = newPath();
    await createKeyFile(path, 'secret', secret);
    await expect(createKeyFile(path, 'secret', new Uint8Array(32))).rejects.toEqual(withCode('exists'));
    expect(await readKeyFileOrThrow(path, 'secret')).toEqual(secret);
  });

  it.each([0o640, 0o604, 0o620, 0o602])('is refused when others may open it: mode %o', async (mode) => {
    const path = newPath();
    await createKeyFile(path, 'secret', secret);
    await chmod(path, mode);
    await expect(readKeyFileOrThrow(path, 'secret')).rejects.toEqual(withCode('readable_by_others'));
  });

  it('is refused as another kind of key', async () => {
    const path = newPath();
    await createKeyFile(path, 'ed25519-seed', secret);
    await expect(readKeyFileOrThrow(path, 'secret')).rejects.toEqual(withCode('wrong_kind'));
  });

  it('is refused when missing, cut off, foreign or too long', async () => {
    await expect(readKeyFileOrThrow(newPath(), 'secret')).rejects.toEqual(withCode('missing'));
    const whole = `aidtrail-secret-v1 ${base64Encode(secret)}\n`;
    const path = newPath();
    for (const content of [
      '',
      whole.slice(0, -1),
      whole.slice(0, 30),
      `${whole}\n`,
      'x'.repeat(999),
      '\xff\xfe',
      base64Encode(secret),
    ]) {
      await writeFile(path, content, { mode: 0o600, encoding: 'latin1' });
      await expect(readKeyFileOrThrow(path, 'secret')).rejects.toEqual(withCode('not_a_key_file'));
    }
    await writeFile(path, whole);
    expect(await readKeyFileOrThrow(path, 'secret')).toEqual(secret);
    expect(await readFile(path, 'utf8')).toBe(whole);
  });

  it('holds 32 bytes or is not made at all', async () => {
    const before = await readdir(directory);
    await expect(createKeyFile(newPath(), 'secret', new Uint8Array(31))).rejects.toThrow(RangeError);
    expect(await readdir(directory)).toEqual(before);
  });
});
