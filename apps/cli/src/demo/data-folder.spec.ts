import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sodiumSigner } from '@aidtrail/crypto-node';
import { acquireOwnerLock } from '@aidtrail/data-directory';
import { base64Encode } from '@aidtrail/envelope';
import { draftOpening, openingPath, signOpening, writeOpening, type OpeningTerms } from '@aidtrail/nest';
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

  it('is removed if it holds a demo that ended before it was opened, and no other ledger that waits', async () => {
    const officers = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)].map(sodiumSigner);
    const terms: OpeningTerms = {
      origin: 'ledger.example/relief',
      roots: officers.map(({ publicKey }, i) => ({ officer: `root-${i + 1}`, publicKey: base64Encode(publicKey) })),
      eventKey: 'e',
      checkpointVkey: 'c',
      utcOffsetMinutes: 480,
      currency: 'CNY',
      openingDay: '2026-05-31',
      k: 10,
    };
    const signed = (more: { readonly demo?: true }) =>
      officers.reduce(signOpening, draftOpening({ ...terms, ...more }, randomUUID()));
    await writeOpening(openingPath(folder), signed({ demo: true }));
    expect(await clearDemoFolder(folder)).toBe(true);
    await mkdir(folder);
    await writeOpening(openingPath(folder), signed({}));
    await expect(clearDemoFolder(folder)).rejects.toThrow('which is no demo');
    expect(await readdir(folder)).toEqual(['opening.json']);
  });

  it('is left alone if it holds a ledger that is no demo', async () => {
    await writeFile(join(folder, 'ledger.json'), ledger(false));
    await expect(clearDemoFolder(folder)).rejects.toThrow('which is no demo');
    expect(await readdir(folder)).toEqual(['ledger.json']);
  });

  it('is left alone if it holds anything else', async () => {
    await writeFile(join(folder, 'thesis.txt'), 'mine');
    await expect(clearDemoFolder(folder)).rejects.toThrow('no demo ledger');
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
