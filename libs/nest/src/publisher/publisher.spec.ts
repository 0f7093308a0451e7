import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sodiumVerifier } from '@aidtrail/crypto-node';
import { LogConflict, LogDirectory } from '@aidtrail/log-files';
import { newTiles, tilePath, type Tile } from '@aidtrail/public-log';
import { Publisher } from './publisher.js';
import { hasher, SignedWorld } from './signed-world.testing.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'aidtrail-log-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Every published file with its bytes, by path. */
async function filesIn(path: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(path, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = files.map(async (file) => [file.slice(path.length + 1), await readFile(file, 'base64')] as const);
  return new Map((await Promise.all(read)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The files of a log of this size that was published in one go. */
async function publishedAtOnce(world: SignedWorld): Promise<ReadonlyMap<string, string>> {
  const path = join(folder, 'at-once');
  await world.publisher(new LogDirectory(path)).publish();
  const files = await filesIn(path);
  await rm(path, { recursive: true });
  return files;
}

describe('publishing', () => {
  it('writes every tile of the signed tree, and its checkpoint verbatim', async () => {
    const world = new SignedWorld();
    await world.grow(600);
    const path = join(folder, 'log');
    expect((await world.publisher(new LogDirectory(path)).publish())?.size).toBe(600);
    const files = await filesIn(path);
    expect([...files.keys()]).toEqual(['checkpoint', ...newTiles({ from: 0, to: 600 }).map(tilePath)].sort());
    const note = (await world.checkpoints.newest())?.note ?? '';
    expect(Buffer.from(files.get('checkpoint') ?? '', 'base64').toString()).toBe(note);
  });

  it('waits for a signed checkpoint, and does nothing while it is the same', async () => {
    const world = new SignedWorld();
    const publisher = world.publisher(new LogDirectory(join(folder, 'log')));
    await world.append(5);
    expect(await publisher.publish()).toBeUndefined();
    await world.sign();
    expect((await publisher.publish())?.size).toBe(5);
    expect(await publisher.publish()).toBeUndefined();
    await world.append(1);
    expect(await publisher.publish()).toBeUndefined();
  });

  it('again from nothing gives the same files as growing did, but for partial tiles of earlier checkpoints', async () => {
    const world = new SignedWorld();
    const path = join(folder, 'log');
    let publisher = world.publisher(new LogDirectory(path));
    for (const count of [3, 250, 3, 1, 300, 210]) {
      await world.grow(count);
      await publisher.publish();
      // Also with a restart in between.
      if (count === 1) publisher = world.publisher(new LogDirectory(path));
    }
    const whole = await publishedAtOnce(world);
    const grown = await filesIn(path);
    for (const [file, bytes] of whole) expect([file, grown.get(file)]).toEqual([file, bytes]);
    const more = [...grown.keys()].filter((file) => !whole.has(file));
    expect(more.every((file) => file.includes('.p/'))).toBe(true);
    expect(more.filter((file) => file.startsWith('tile/0/000.p') || file.startsWith('tile/entries/000.p'))).toEqual([]);
  });
});

describe('a publisher beside one that was halted', () => {
  it('puts its own checkpoint back over an older one that came late', async () => {
    const world = new SignedWorld();
    const path = join(folder, 'log');
    const directory = new LogDirectory(path);
    const publisher = world.publisher(directory);
    await world.grow(10);
    await publisher.publish();
    const old = (await directory.readCheckpoint()) ?? '';
    await world.grow(5);
    await publisher.publish();
    const newest = await directory.readCheckpoint();
    await directory.replaceCheckpoint(old);
    await publisher.publish();
    expect(await directory.readCheckpoint()).toBe(newest);
  });

  it('asks whether it may when only the name is left to be changed, and leaves the file if not', async () => {
    const directory = new LogDirectory(join(folder, 'log'));
    await directory.replaceCheckpoint('newer');
    const lost = (): void => {
      throw new Error('another one leads');
    };
    await expect(directory.replaceCheckpoint('older', 'checkpoint', lost)).rejects.toThrow('another one leads');
    expect(await directory.readCheckpoint()).toBe('newer');
  });
});

describe('a publisher that stops at any step', () => {
  type Step = 'writeTiles' | 'replaceCheckpoint';
  type Failure = 'failed' | 'half done' | 'done but told to have failed';

  /** Fails at the nth call of a step, once. */
  class FailingDirectory extends LogDirectory {
    private calls = 0;

    constructor(
      path: string,
      private readonly fault: { readonly step: Step; readonly call: number; readonly failure: Failure },
    ) {
      super(path);
    }

    override async writeTiles(tiles: readonly Tile[]): Promise<void> {
      await this.failing('writeTiles', async (part) =>
        super.writeTiles(tiles.slice(0, Math.ceil(tiles.length * part))),
      );
    }

    override async replaceCheckpoint(note: string): Promise<void> {
      await this.failing('replaceCheckpoint', async (part) => (part === 1 ? super.replaceCheckpoint(note) : undefined));
    }

    private async failing(step: Step, work: (part: number) => Promise<void>): Promise<void> {
      const { failure, call } = this.fault;
      if (step !== this.fault.step || (this.calls += 1) !== call) return work(1);
      if (failure !== 'failed') await work(failure === 'half done' ? 0.5 : 1);
      throw new Error(`${step} ${failure}`);
    }
  }

  const faults = (['writeTiles', 'replaceCheckpoint'] as const).flatMap((step) =>
    (['failed', 'half done', 'done but told to have failed'] as const).flatMap((failure) =>
      [1, 2, 3].map((call) => ({ step, failure, call })),
    ),
  );

  it.each(faults)('goes on to the same files: $step $failure, call $call', async (fault) => {
    const world = new SignedWorld();
    const path = join(folder, 'log');
    const directory = new FailingDirectory(path, fault);
    let publisher = world.publisher(directory);
    for (const count of [300, 200, 100]) {
      await world.grow(count);
      const before = await new LogDirectory(path).readCheckpoint();
      await publisher.publish().catch(async () => {
        // The checkpoint is the old one or the new one, and its tiles are there.
        const after = await directory.readCheckpoint();
        expect([before, (await world.checkpoints.newest())?.note]).toContain(after);
        // The one goes on, as if the disk had been full; another process begins anew, as after a crash.
        if (fault.call % 2 === 0) publisher = world.publisher(directory);
        await publisher.publish();
      });
    }
    const grown = await filesIn(path);
    for (const [file, bytes] of await publishedAtOnce(world)) expect([file, grown.get(file)]).toEqual([file, bytes]);
  });

  it('leaves nothing of unfinished files once it runs again', async () => {
    const world = new SignedWorld();
    const path = join(folder, 'log');
    await mkdir(join(path, '.staging'), { recursive: true });
    await writeFile(join(path, '.staging', 'left'), 'half a tile');
    await world.grow(3);
    await world.publisher(new LogDirectory(path)).publish();
    expect([...(await filesIn(path)).keys()].some((file) => file.startsWith('.staging'))).toBe(false);
  });
});

describe('a publisher refuses', () => {
  it('to go on when the database is older than what is published', async () => {
    const [world, path] = [new SignedWorld(), join(folder, 'log')];
    await world.grow(40);
    await world.publisher(new LogDirectory(path)).publish();
    const restored = new SignedWorld();
    await restored.grow(30);
    const publisher = restored.publisher(new LogDirectory(path));
    await expect(publisher.publish()).rejects.toThrow('older copy');
    await restored.grow(20);
    await expect(publisher.publish()).rejects.toThrow(LogConflict);
    const note = (await world.checkpoints.newest())?.note ?? '';
    expect(await new LogDirectory(path).readCheckpoint()).toBe(note);
  });

  it('to publish a second history of the same size', async () => {
    const [world, path] = [new SignedWorld(), join(folder, 'log')];
    await world.grow(40);
    await world.publisher(new LogDirectory(path)).publish();
    const other = new SignedWorld('other');
    await other.grow(40);
    await expect(other.publisher(new LogDirectory(path)).publish()).rejects.toThrow('two histories');
  });

  it('to write over a tile, even where the checkpoint is gone', async () => {
    const [world, path] = [new SignedWorld(), join(folder, 'log')];
    await world.grow(300);
    await world.publisher(new LogDirectory(path)).publish();
    await rm(join(path, 'checkpoint'));
    const other = new SignedWorld('other');
    await other.grow(300);
    await expect(other.publisher(new LogDirectory(path)).publish()).rejects.toThrow(LogConflict);
    await world.publisher(new LogDirectory(path)).publish();
    expect(await filesIn(path)).toEqual(await publishedAtOnce(world));
  });

  it('to go on from tiles that were altered', async () => {
    const [world, path] = [new SignedWorld(), join(folder, 'log')];
    await world.grow(300);
    await world.publisher(new LogDirectory(path)).publish();
    for (const file of ['tile/0/001.p/44', 'tile/1/000.p/1', 'tile/entries/001.p/44']) {
      const altered = join(folder, 'altered');
      await cp(path, altered, { recursive: true });
      const bytes = await readFile(join(altered, file));
      bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
      await writeFile(join(altered, file), bytes);
      await world.append(1);
      await expect(world.publisher(new LogDirectory(altered)).publish()).rejects.toThrow('Move the folder away');
      await rm(altered, { recursive: true });
    }
  });

  it('to publish what the event store does not hold', async () => {
    const [world, path] = [new SignedWorld(), join(folder, 'log')];
    await world.grow(10);
    const other = new SignedWorld('other');
    await other.grow(10);
    const { store } = other;
    const publisher = new Publisher({
      store,
      checkpoints: world.checkpoints,
      cosigned: world.cosigned(),
      directory: new LogDirectory(path),
      key: world.signer.key,
      hasher,
      verifier: sodiumVerifier,
    });
    await expect(publisher.publish()).rejects.toThrow('does not hold the tree');
    expect(await new LogDirectory(path).readCheckpoint()).toBeUndefined();
  });
});

describe('two publishers at once', () => {
  it('write the same files', async () => {
    const [world, path] = [new SignedWorld(), join(folder, 'log')];
    const [one, two] = [world.publisher(new LogDirectory(path)), world.publisher(new LogDirectory(path))];
    for (const count of [200, 100, 300]) {
      await world.grow(count);
      await Promise.allSettled([one.publish(), two.publish()]);
    }
    await Promise.all([one.publish(), two.publish()]);
    const grown = await filesIn(path);
    for (const [file, bytes] of await publishedAtOnce(world)) expect([file, grown.get(file)]).toEqual([file, bytes]);
  });
});
