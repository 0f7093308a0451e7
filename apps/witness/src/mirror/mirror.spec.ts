import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nodeSha256, sodiumSigner, sodiumVerifier } from '@aidtrail/crypto-node';
import { LogDirectory } from '@aidtrail/log-files';
import {
  createCosigner,
  createTreeHasher,
  formatVkey,
  formatSignatureLine,
  openWitnessedCheckpointOrThrow,
  parseNoteOrThrow,
  parsePolicyOrThrow,
  parseTilePathOrThrow,
  proveInclusionOrThrow,
  tilePath,
  type TileId,
} from '@aidtrail/public-log';
import { GrowingLog, tilesOf } from '../growing-log.testing.js';
import { WitnessState } from '../witness-state.js';
import { MirrorFault } from './mirror-fault.js';
import { Mirror } from './mirror.js';

const cosigner = createCosigner('mirror.example', sodiumSigner(new Uint8Array(32).fill(1)));
const NOW = 1_780_000_000;

/** What a log serves; what was asked for is kept. */
class Served {
  note: string;
  tiles: Map<string, Uint8Array>;
  readonly asked: string[] = [];

  constructor(
    readonly log: GrowingLog,
    size: number,
  ) {
    this.note = log.checkpoint(size);
    this.tiles = tilesOf(log, size);
  }

  show(size: number, log = this.log): void {
    this.note = log.checkpoint(size);
    this.tiles = tilesOf(log, size);
  }

  async checkpoint(): Promise<Uint8Array> {
    return Buffer.from(this.note);
  }

  /** What the log shows as witnessed; none to begin with. */
  witnessed: string | undefined;

  async witnessedCheckpoint(): Promise<Uint8Array | undefined> {
    return this.witnessed === undefined ? undefined : Buffer.from(this.witnessed);
  }

  async tile(id: TileId): Promise<Uint8Array> {
    this.asked.push(tilePath(id));
    const bytes = this.tiles.get(tilePath(id));
    if (bytes === undefined) throw new MirrorFault('log_withholds');
    return bytes;
  }
}

let home: string;
let directory: LogDirectory;
let state: WitnessState;
let now = NOW;

beforeEach(async () => {
  now = NOW;
  home = await mkdtemp(join(tmpdir(), 'aidtrail-mirror-'));
  directory = new LogDirectory(join(home, 'log'));
  await WitnessState.create(join(home, 'state'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** As after a start. */
async function open(source: Served): Promise<Mirror> {
  state = await WitnessState.open(join(home, 'state'), cosigner.key, sodiumVerifier);
  return new Mirror({
    logKey: source.log.signer.key,
    source,
    directory,
    cosigner,
    state,
    verifier: sodiumVerifier,
    hasher: createTreeHasher(nodeSha256),
    clock: () => now * 1_000,
  });
}

/** What the copy shows: its size, once its signatures hold and every tile is that of the log. */
async function shown(log: GrowingLog): Promise<number> {
  const note = await directory.readCheckpoint();
  if (note === undefined) return 0;
  const policy = parsePolicyOrThrow(`log ${log.vkey}\nwitness M ${formatVkey(cosigner.key)}\nquorum M\n`);
  const { size } = openWitnessedCheckpointOrThrow(note, policy, sodiumVerifier).checkpoint;
  for (const [path, bytes] of tilesOf(log, size))
    expect([path, await readFile(join(directory.path, path), 'base64')]).toEqual([
      path,
      Buffer.from(bytes).toString('base64'),
    ]);
  return size;
}

describe('a mirror', () => {
  it('copies a log as it grows, cosigns what it holds, and fetches no more than is new', async () => {
    const source = new Served(new GrowingLog(), 3);
    let mirror = await open(source);
    for (const size of [3, 255, 256, 700, 701, 1_500]) {
      source.show(size);
      source.asked.length = 0;
      expect(await mirror.step()).toBe(size);
      expect(await shown(source.log)).toBe(size);
      expect(await mirror.step()).toBeUndefined();
      // Also with a restart in between.
      if (size === 700) mirror = await open(source);
    }
    expect(source.asked).toEqual([
      ...['tile/0/002', 'tile/0/003', 'tile/0/004', 'tile/0/005.p/220'],
      ...['tile/entries/002', 'tile/entries/003', 'tile/entries/004', 'tile/entries/005.p/220'],
    ]);
  });

  it('goes on where a crash cut it off, at any tile, and takes what it has from its disk', async () => {
    for (let fetched = 0; fetched < 12; fetched += 1) {
      await rm(directory.path, { recursive: true, force: true });
      await rm(join(home, 'state'), { recursive: true });
      await WitnessState.create(join(home, 'state'));
      const source = new Served(new GrowingLog(), 1_400);
      const whole = (id: TileId): Promise<Uint8Array> => Served.prototype.tile.call(source, id);
      let left = fetched;
      source.tile = async (id) => {
        if ((left -= 1) < 0) throw new Error('killed');
        return whole(id);
      };
      await expect((await open(source)).step()).rejects.toThrow('killed');
      expect(await directory.readCheckpoint()).toBeUndefined();
      source.tile = whole;
      source.asked.length = 0;
      expect(await (await open(source)).step()).toBe(1_400);
      expect(await shown(source.log)).toBe(1_400);
      const bundles = source.asked.filter((path) => path.includes('entries'));
      expect(bundles).toHaveLength(6 - Math.max(0, fetched - 6));
    }
  });

  it('shows what it has cosigned when a crash came in between', async () => {
    const source = new Served(new GrowingLog(), 300);
    await (await open(source)).step();
    const before = await directory.readCheckpoint();
    source.show(400);
    await (await open(source)).step();
    await directory.replaceCheckpoint(before ?? '');
    expect(await (await open(source)).step()).toBeUndefined();
    expect(await shown(source.log)).toBe(400);
  });

  it('makes a copy again that was lost, with the cosignature that it gave', async () => {
    const source = new Served(new GrowingLog(), 300);
    await (await open(source)).step();
    const before = await directory.readCheckpoint();
    await rm(directory.path, { recursive: true });
    now += 100;
    expect(await (await open(source)).step()).toBe(300);
    expect(await directory.readCheckpoint()).toBe(before);
    await rm(directory.path, { recursive: true });
    source.show(500);
    expect(await (await open(source)).step()).toBe(500);
    expect(await shown(source.log)).toBe(500);
  });

  it('shows what the log shows as witnessed, verbatim, and the tiles under it', async () => {
    const witness = createCosigner('witness.example', sodiumSigner(new Uint8Array(32).fill(2)));
    const policy = parsePolicyOrThrow(`log ${new GrowingLog().vkey}\nwitness W ${formatVkey(witness.key)}\nquorum W\n`);
    const source = new Served(new GrowingLog(), 700);
    const mirror = await open(source);
    for (const [size, witnessed] of [
      [700, 690],
      [705, 690],
      [760, 760],
      [1_400, 760],
      [1_401, 1_300],
      [1_401, 400],
    ] as const) {
      source.show(size);
      const signed = source.log.checkpoint(witnessed);
      source.witnessed = signed + formatSignatureLine(witness.cosign(parseNoteOrThrow(signed).text, NOW));
      await mirror.step();
      expect(await shown(source.log)).toBe(size);
      expect(await directory.readCheckpoint('witnessed-checkpoint')).toBe(source.witnessed);
      const { checkpoint } = openWitnessedCheckpointOrThrow(source.witnessed, policy, sodiumVerifier);
      const read = (path: string) => directory.readTileIfThere(parseTilePathOrThrow(path));
      const leafHash = createTreeHasher(nodeSha256).leafHash(source.log.entry(witnessed - 1));
      await proveInclusionOrThrow(read, { index: witnessed - 1, leafHash, checkpoint }, createTreeHasher(nodeSha256));
    }
    const last = source.witnessed;
    source.witnessed = undefined;
    await mirror.step();
    expect(await directory.readCheckpoint('witnessed-checkpoint')).toBe(last);
  });

  it('waits with a witnessed checkpoint until its tree is copied', async () => {
    const source = new Served(new GrowingLog(), 300);
    source.witnessed = source.log.checkpoint(400);
    const mirror = await open(source);
    await mirror.step();
    expect(await directory.readCheckpoint('witnessed-checkpoint')).toBeUndefined();
    source.show(400);
    await mirror.step();
    expect(await directory.readCheckpoint('witnessed-checkpoint')).toBe(source.witnessed);
  });

  it('passes over an earlier checkpoint of the same log', async () => {
    const source = new Served(new GrowingLog(), 700);
    const mirror = await open(source);
    await mirror.step();
    for (const size of [0, 1, 256, 300, 699]) {
      source.show(size);
      expect(await mirror.step()).toBeUndefined();
    }
    expect(await shown(source.log)).toBe(700);
  });
});

describe('a mirror does not cosign', () => {
  async function refused(source: Served, code: MirrorFault['code'], size = 300): Promise<void> {
    await expect((await open(source)).step()).rejects.toMatchObject({ name: 'MirrorFault', code });
    expect(await shown(source.log)).toBe(size);
    expect(state.latestOf(source.log.origin)?.size ?? 0).toBe(size);
  }

  async function grown(): Promise<Served> {
    const source = new Served(new GrowingLog(), 300);
    await (await open(source)).step();
    return source;
  }

  it('what is withheld: any tile or bundle, or a part of one', async () => {
    const source = await grown();
    for (const path of ['tile/0/001', 'tile/0/002.p/88', 'tile/entries/001', 'tile/entries/002.p/88']) {
      source.show(600);
      const bytes = source.tiles.get(path) as Uint8Array;
      source.tiles.delete(path);
      await refused(source, 'log_withholds');
      source.tiles.set(path, bytes.subarray(0, bytes.length - 1));
      await refused(source, 'log_withholds');
    }
    source.show(600);
    expect(await (await open(source)).step()).toBe(600);
  });

  it('what was altered: any bit of a hash or an entry', async () => {
    const source = await grown();
    for (const path of ['tile/0/001', 'tile/0/002.p/88', 'tile/entries/001', 'tile/entries/002.p/88']) {
      source.show(600);
      const bytes = Uint8Array.from(source.tiles.get(path) as Uint8Array);
      const last = bytes.length - 1;
      bytes[last] = (bytes[last] as number) ^ 1;
      source.tiles.set(path, bytes);
      await refused(source, 'log_serves_another_tree');
    }
    source.show(600);
    expect(await (await open(source)).step()).toBe(600);
  });

  it('a second history: of the same size, of a smaller and of a larger one', async () => {
    const source = await grown();
    const twin = new GrowingLog(source.log.origin, 'other');
    source.show(300, twin);
    await refused(source, 'log_contradicts_itself');
    source.show(100, twin);
    await refused(source, 'log_contradicts_itself');
    source.show(600, twin);
    await refused(source, 'log_serves_another_tree');
    await rm(directory.path, { recursive: true });
    await expect((await open(source)).step()).rejects.toMatchObject({ code: 'log_contradicts_itself' });
  });

  it('and keeps no witnessed checkpoint of a second history, or of nobody', async () => {
    const source = await grown();
    const twin = new GrowingLog(source.log.origin, 'other');
    source.witnessed = twin.checkpoint(200);
    await refused(source, 'log_contradicts_itself');
    source.witnessed = new GrowingLog(source.log.origin, 'event', 8).checkpoint(200);
    await refused(source, 'bad_checkpoint');
    expect(await directory.readCheckpoint('witnessed-checkpoint')).toBeUndefined();
  });

  it('what the log has not signed, or what no checkpoint is', async () => {
    const source = await grown();
    for (const note of [
      new GrowingLog(source.log.origin, 'event', 8).checkpoint(400),
      'x',
      new GrowingLog('other').checkpoint(400),
    ]) {
      source.note = note;
      await refused(source, 'bad_checkpoint');
    }
  });

  it('with a clock that is far behind', async () => {
    const source = await grown();
    source.show(400);
    now = NOW - 3_600;
    await refused(source, 'clock_behind');
  });

  it('from a copy that is damaged', async () => {
    const source = await grown();
    const path = join(directory.path, 'tile/0/000');
    const bytes = await readFile(path);
    bytes[7] = (bytes[7] as number) ^ 1;
    await writeFile(path, bytes);
    await expect((await open(source)).step()).rejects.toThrow('damaged');
  });
});
