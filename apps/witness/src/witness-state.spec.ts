import { cp, link, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sodiumSigner, sodiumVerifier } from '@aidtrail/crypto-node';
import { DataDirectoryInUse } from '@aidtrail/data-directory';
import { createCosigner, formatNote, parseCheckpointOrThrow, parseNoteOrThrow } from '@aidtrail/public-log';
import { openCosignerFolder } from './cosigner-folder.js';
import { GrowingLog } from './growing-log.testing.js';
import { StateLost, WitnessState, type Cosigned } from './witness-state.js';

const cosigner = createCosigner('witness.example', sodiumSigner(new Uint8Array(32).fill(1)));
const log = new GrowingLog();

let home: string;
let folder: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'aidtrail-state-'));
  folder = join(home, 'state');
  await WitnessState.create(folder);
});
afterEach(() => rm(home, { recursive: true, force: true }));

function cosigned(size: number, of = log): Cosigned {
  const { text, signatures } = parseNoteOrThrow(of.checkpoint(size));
  const { origin, root } = parseCheckpointOrThrow(text);
  const note = formatNote({ text, signatures: [...signatures, cosigner.cosign(text, 1_000)] });
  return { origin, size, root, note, time: 1_000 };
}

const open = (): Promise<WitnessState> => WitnessState.open(folder, cosigner.key, sodiumVerifier);

describe('the state of a witness', () => {
  it('is what was kept last, for each log', async () => {
    const state = await open();
    expect(state.latestOf(log.origin)).toBeUndefined();
    const others = Array.from({ length: 30 }, (_, i) => new GrowingLog(`log-${i}.example`));
    await Promise.all(others.map((other, i) => state.keep(cosigned(i + 1, other))));
    await state.keep(cosigned(5));
    for (const reader of [state, await open()]) {
      expect(reader.latestOf(log.origin)).toStrictEqual(cosigned(5));
      expect(others.map(({ origin }) => reader.latestOf(origin)?.size)).toEqual(others.map((_, i) => i + 1));
    }
  });

  it('takes what comes at once into few files, and leaves no more than two', async () => {
    const state = await open();
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => state.keep(cosigned(1, new GrowingLog(`log-${i}.example`)))),
    );
    const names = (await readdir(folder)).sort();
    expect(names).toEqual(['cosigned-1.json', 'cosigned-2.json']);
  });

  it('survives whatever a crash leaves beside it', async () => {
    const state = await open();
    await state.keep(cosigned(5));
    await state.keep(cosigned(6));
    // Before the link: a file of another name, half written.
    await writeFile(join(folder, 'b7a2.new'), '{"v":1,"cosi');
    expect((await open()).latestOf(log.origin)?.size).toBe(6);
    // After it, before the older file went.
    await cp(join(folder, 'cosigned-2.json'), join(folder, 'cosigned-3.json'));
    const again = await open();
    await again.keep(cosigned(7));
    expect((await open()).latestOf(log.origin)?.size).toBe(7);
  });

  it('has changed nothing when the disk is full, and goes on', async () => {
    const state = await open();
    await state.keep(cosigned(5));
    await rm(folder, { recursive: true });
    await expect(state.keep(cosigned(6))).rejects.toThrow('ENOENT');
    expect(state.latestOf(log.origin)?.size).toBe(5);
    await cp(await copyOf(5), folder, { recursive: true });
    await state.keep(cosigned(6));
    expect((await open()).latestOf(log.origin)?.size).toBe(6);
  });

  it('turns away a second process, however far behind it is', async () => {
    for (const ahead of [1, 2, 5]) {
      const [first, second] = [await open(), await open()];
      for (let i = 1; i <= ahead; i += 1) await first.keep(cosigned(10 * ahead + i));
      await expect(second.keep(cosigned(1))).rejects.toThrow(StateLost);
      await expect(second.keep(cosigned(1))).rejects.toThrow('Another process');
      expect((await open()).latestOf(log.origin)?.size).toBe(10 * ahead + ahead);
      // The first, which did nothing wrong, learns of a file that is newer than its own only if there is one.
      await first.keep(cosigned(10 * ahead + ahead + 1));
    }
  });

  it('is refused when its newest file is damaged, and never taken from an older one', async () => {
    const state = await open();
    await state.keep(cosigned(5));
    await state.keep(cosigned(6));
    for (const damage of ['', '{', '{"v":2,"cosigned":[]}', '{"v":1,"cosigned":["x"]}', '{"v":1}']) {
      await writeFile(join(folder, 'cosigned-2.json'), damage);
      await expect(open()).rejects.toThrow(StateLost);
    }
    const { note } = cosigned(6);
    await writeFile(
      join(folder, 'cosigned-2.json'),
      JSON.stringify({ v: 1, cosigned: [note.replace('\n6\n', '\n5\n')] }),
    );
    await expect(open()).rejects.toThrow('damaged');
  });

  it('belongs to its key and name', async () => {
    await (await open()).keep(cosigned(5));
    for (const other of [
      createCosigner('witness.example', sodiumSigner(new Uint8Array(32).fill(2))),
      createCosigner('renamed.example', sodiumSigner(new Uint8Array(32).fill(1))),
    ])
      await expect(WitnessState.open(folder, other.key, sodiumVerifier)).rejects.toThrow('another key or name');
  });

  async function copyOf(size: number): Promise<string> {
    const copy = join(home, 'copy');
    await WitnessState.create(copy);
    await (await WitnessState.open(copy, cosigner.key, sodiumVerifier)).keep(cosigned(size));
    return copy;
  }
});

describe('the folder of a cosigner', () => {
  it('has a key that nobody else may read, and the same one ever after', async () => {
    const data = join(home, 'data');
    const first = await openCosignerFolder(data, 'w.example');
    await first.release();
    const second = await openCosignerFolder(data, 'w.example');
    expect(second.cosigner.key).toEqual(first.cosigner.key);
    await second.release();
  });

  it('belongs to one process at a time, also while that has nothing to write', async () => {
    const data = join(home, 'data');
    const folderInUse = await openCosignerFolder(data, 'w.example');
    await expect(openCosignerFolder(data, 'w.example')).rejects.toThrow(DataDirectoryInUse);
    await folderInUse.release();
    await (await openCosignerFolder(data, 'w.example')).release();
  });

  it('is refused when the key has lost its state, or the state its key', async () => {
    const data = join(home, 'data');
    const opened = await openCosignerFolder(data, 'w.example');
    await opened.release();
    const { state, cosigner: own } = opened;
    const { text, signatures } = parseNoteOrThrow(log.checkpoint(5));
    const note = formatNote({ text, signatures: [...signatures, own.cosign(text, 1_000)] });
    await state.keep({ ...cosigned(5), note });
    const aside = join(home, 'aside.key');
    await link(join(data, 'keys', 'cosigner.key'), aside);
    await rm(join(data, 'keys', 'cosigner.key'));
    await expect(openCosignerFolder(data, 'w.example')).rejects.toThrow('is missing');
    await link(aside, join(data, 'keys', 'cosigner.key'));
    await rm(join(data, 'state'), { recursive: true });
    await expect(openCosignerFolder(data, 'w.example')).rejects.toThrow('is missing');
  });

  it('can be made again after a crash between the state and the key', async () => {
    const data = join(home, 'data');
    await WitnessState.create(join(data, 'state'));
    await (await openCosignerFolder(data, 'w.example')).release();
  });

  it('is not made for a name that no key can have', async () => {
    await expect(openCosignerFolder(join(home, 'data'), 'two words')).rejects.toThrow('note key');
    expect(await readdir(home)).toEqual(['state']);
  });
});
