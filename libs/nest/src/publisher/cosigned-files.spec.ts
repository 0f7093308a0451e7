import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sodiumSigner, sodiumVerifier } from '@aidtrail/crypto-node';
import { LogDirectory } from '@aidtrail/log-files';
import {
  createCosigner,
  formatSignatureLine,
  majorityOf,
  openWitnessedCheckpointOrThrow,
  parseNoteOrThrow,
  startOfTileOrThrow,
  TileBuilder,
  type LogPolicy,
  type Tile,
  type TileId,
} from '@aidtrail/public-log';
import { base64Encode } from '@aidtrail/envelope';
import type { KeptCosignature } from '../witnesses/cosignature-store.js';
import { NO_WITNESSES } from '../witnesses/policy-file.js';
import { hasher, SignedWorld } from './signed-world.testing.js';

const cosigners = ['north', 'south', 'east'].map((name, i) =>
  createCosigner(`${name}.example`, sodiumSigner(new Uint8Array(32).fill(i + 1))),
);
const [NORTH, SOUTH, EAST] = [0, 1, 2] as const;

function policyOf(world: SignedWorld, who: readonly number[] = [NORTH, SOUTH, EAST]): LogPolicy {
  const witnesses = who.map((i) => {
    const { key } = cosigners[i] as (typeof cosigners)[number];
    return { name: key.name.split('.')[0] as string, key };
  });
  return { logs: [{ key: world.signer.key }], witnesses, quorum: majorityOf(witnesses) };
}

/** Lets witnesses cosign the newest signed checkpoint, `who` in this order. */
async function cosign(world: SignedWorld, who: readonly number[], time = 1_000): Promise<void> {
  const { size, note } = (await world.checkpoints.newest()) as { size: number; note: string };
  for (const i of who) {
    const cosigner = cosigners[i] as (typeof cosigners)[number];
    const { key } = cosigner;
    const line = formatSignatureLine(cosigner.cosign(parseNoteOrThrow(note).text, time));
    const kept: KeptCosignature = { size, keyName: key.name, keyId: key.keyId, time, line };
    await world.cosignatures.add(kept);
  }
}

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aidtrail-cosigned-'));
  path = join(folder, 'log');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function filesIn(at: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(at, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = files.map(async (file) => [file.slice(at.length + 1), await readFile(file, 'base64')] as const);
  return new Map((await Promise.all(read)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const sizeIn = (note: string | undefined): number => Number(note?.split('\n')[1] ?? 0);

/** Whoever reads either checkpoint finds its signatures in order and every tile under it. Gives their sizes. */
async function requireReadable(policy: LogPolicy): Promise<readonly [number, number]> {
  const directory = new LogDirectory(path);
  const notes = [await directory.readCheckpoint(), await directory.readCheckpoint('witnessed-checkpoint')] as const;
  for (const [i, note] of notes.entries()) {
    if (note === undefined) continue;
    const rule = i === 1 ? policy : { ...policy, quorum: { kind: 'none' as const } };
    const { checkpoint } = openWitnessedCheckpointOrThrow(note, rule, sodiumVerifier);
    const read = async (tile: TileId): Promise<Uint8Array> => {
      const partial = await directory.readTileIfThere(tile);
      if (partial !== undefined) return partial;
      return startOfTileOrThrow(await directory.readTile({ ...tile, width: 256 }), tile);
    };
    const edge = await TileBuilder.restoreOrThrow(checkpoint.size, read, hasher);
    expect(base64Encode(edge.root())).toBe(base64Encode(checkpoint.root));
  }
  return [sizeIn(notes[0]), sizeIn(notes[1])];
}

describe('the published checkpoints', () => {
  it('have cosignatures in the order of the policy, each as it comes, and of nobody else', async () => {
    const world = new SignedWorld();
    const policy = policyOf(world, [NORTH, SOUTH]);
    const publisher = world.publisher(new LogDirectory(path), policy);
    const names = async (): Promise<readonly string[]> =>
      parseNoteOrThrow((await new LogDirectory(path).readCheckpoint()) ?? '').signatures.map(({ name }) => name);
    await world.grow(5);
    await publisher.publish();
    expect(await names()).toEqual(['log.example']);
    await cosign(world, [EAST, SOUTH]);
    await publisher.publish();
    expect(await names()).toEqual(['log.example', 'south.example']);
    expect(await requireReadable(policy)).toEqual([5, 0]);
    await cosign(world, [NORTH]);
    await publisher.publish();
    expect(await names()).toEqual(['log.example', 'north.example', 'south.example']);
    expect(await requireReadable(policy)).toEqual([5, 5]);
  });

  it('are known from the start: what is published, and up to where it is witnessed', async () => {
    const world = new SignedWorld();
    const policy = policyOf(world, [NORTH]);
    await world.grow(5);
    await cosign(world, [NORTH]);
    await world.grow(5);
    await world.publisher(new LogDirectory(path), policy).publish();
    const again = world.publisher(new LogDirectory(path), policy);
    expect([again.newest, again.witnessedSize]).toEqual([undefined, undefined]);
    await world.grow(5);
    await again.check();
    expect([again.newest?.size, again.witnessedSize]).toEqual([10, 5]);
    expect(parseNoteOrThrow(again.newest?.note ?? '').signatures).toHaveLength(1);
  });

  it('stay as they are when a witness cosigns the same checkpoint again', async () => {
    const world = new SignedWorld();
    const publisher = world.publisher(new LogDirectory(path), policyOf(world));
    await world.grow(5);
    await cosign(world, [NORTH, SOUTH]);
    await publisher.publish();
    const before = await filesIn(path);
    await cosign(world, [NORTH, SOUTH], 2_000);
    await publisher.publish();
    expect(await filesIn(path)).toEqual(before);
  });

  it('are the same again from nothing: the newest, the witnessed one, and every tile of both', async () => {
    const world = new SignedWorld();
    const policy = policyOf(world);
    const publisher = world.publisher(new LogDirectory(path), policy);
    for (const [count, who] of [
      [300, [NORTH, SOUTH]],
      [3, [EAST]],
      [250, [NORTH, EAST]],
      [40, [SOUTH]],
      [400, [SOUTH]],
    ] as const) {
      await world.grow(count);
      await cosign(world, who);
      await publisher.publish();
    }
    const grown = await filesIn(path);
    await rm(path, { recursive: true });
    await world.publisher(new LogDirectory(path), policy).publish();
    const again = await filesIn(path);
    expect(await requireReadable(policy)).toEqual([993, 553]);
    for (const [file, bytes] of again) expect([file, grown.get(file)]).toEqual([file, bytes]);
    const more = [...grown.keys()].filter((file) => !again.has(file));
    expect(more.every((file) => file.includes('.p/'))).toBe(true);
  });

  it('follow the policy: another quorum has another witnessed checkpoint, and none asked for has none', async () => {
    const world = new SignedWorld();
    for (const who of [[NORTH, SOUTH], [NORTH], [EAST]]) {
      await world.grow(10);
      await cosign(world, who);
    }
    const sizes = async (policy: LogPolicy): Promise<readonly number[]> => {
      await world.publisher(new LogDirectory(path), policy).publish();
      return requireReadable(policy);
    };
    expect(await sizes(policyOf(world))).toEqual([30, 10]);
    expect(await sizes(policyOf(world, [NORTH]))).toEqual([30, 20]);
    expect(await sizes(policyOf(world, [EAST]))).toEqual([30, 30]);
    expect(await sizes(policyOf(world, [SOUTH]))).toEqual([30, 10]);
    expect(await sizes({ ...NO_WITNESSES, logs: [{ key: world.signer.key }] })).toEqual([30, 0]);
    expect((await filesIn(path)).has('witnessed-checkpoint')).toBe(false);
  });

  it('are made right at the next start when somebody has changed the file', async () => {
    const world = new SignedWorld();
    const policy = policyOf(world, [NORTH]);
    await world.grow(10);
    await cosign(world, [NORTH]);
    await world.publisher(new LogDirectory(path), policy).publish();
    const before = await filesIn(path);
    await new LogDirectory(path).replaceCheckpoint('something\n10\nelse\n', 'witnessed-checkpoint');
    await world.publisher(new LogDirectory(path), policy).publish();
    expect(await filesIn(path)).toEqual(before);
  });
});

describe('a publisher of cosigned checkpoints that stops at any step', () => {
  const steps = [
    'read',
    'writeTiles',
    'replaceCheckpoint',
    'replaceWitnessed',
    'dropCheckpoint',
    'dropPartials',
  ] as const;
  type Step = (typeof steps)[number];
  const failures = ['failed', 'failed but persisted'] as const;
  const codes = ['EIO', 'ENOSPC'] as const;

  class FailingDirectory extends LogDirectory {
    hits = 0;

    constructor(
      at: string,
      private readonly fault: {
        readonly step: Step;
        readonly failure: (typeof failures)[number];
        readonly code: string;
      },
    ) {
      super(at);
    }

    override readCheckpoint(...args: Parameters<LogDirectory['readCheckpoint']>): Promise<string | undefined> {
      return this.step('read', () => super.readCheckpoint(...args));
    }

    override writeTiles(tiles: readonly Tile[]): Promise<void> {
      return this.step('writeTiles', () => super.writeTiles(tiles));
    }

    override replaceCheckpoint(...args: Parameters<LogDirectory['replaceCheckpoint']>): Promise<void> {
      const step = args[1] === 'witnessed-checkpoint' ? 'replaceWitnessed' : 'replaceCheckpoint';
      return this.step(step, () => super.replaceCheckpoint(...args));
    }

    override dropCheckpoint(name: 'witnessed-checkpoint'): Promise<void> {
      return this.step('dropCheckpoint', () => super.dropCheckpoint(name));
    }

    override dropPartials(tile: TileId): Promise<void> {
      return this.step('dropPartials', () => super.dropPartials(tile));
    }

    /** Fails once, the first time. */
    private async step<T>(step: Step, work: () => Promise<T>): Promise<T> {
      if (step !== this.fault.step || (this.hits += 1) !== 1) return work();
      if (this.fault.failure === 'failed but persisted') await work();
      throw Object.assign(new Error(`${step} ${this.fault.failure}`), { code: this.fault.code });
    }
  }

  const table = steps.flatMap((step) =>
    failures.flatMap((failure) =>
      codes.flatMap((code) => (['goes on', 'begins anew'] as const).map((then) => ({ step, failure, code, then }))),
    ),
  );

  it.each(table)('$then to the same files: $step $failure ($code)', async ({ then, ...fault }) => {
    const world = new SignedWorld();
    const policy = policyOf(world);
    // What an earlier policy had published, which this one takes away again: so every step happens.
    await world.grow(10);
    await cosign(world, [NORTH]);
    await world.publisher(new LogDirectory(path), policyOf(world, [NORTH])).publish();
    const directory = new FailingDirectory(path, fault);
    let publisher = world.publisher(directory, policy);
    let sizes: readonly number[] = [10, 0];
    for (const [count, who] of [
      [0, []],
      [290, [NORTH, SOUTH]],
      [230, [SOUTH]],
      [9, [NORTH, EAST]],
      [4, []],
    ] as const) {
      if (count > 0) await world.grow(count);
      await cosign(world, who);
      await publisher.publish().catch(async (error: Error) => {
        expect(error.message).toBe(`${fault.step} ${fault.failure}`);
        // Whatever stands there now may be read, though the witnessed one may still be that of the earlier policy.
        const after = await requireReadable({ ...policy, quorum: policyOf(world, [NORTH]).quorum });
        expect(after[0]).toBeGreaterThanOrEqual(sizes[0] as number);
        if (then === 'begins anew') publisher = world.publisher(directory, policy);
        await publisher.publish();
      });
      const now = await requireReadable(policy);
      expect(now[1]).toBeGreaterThanOrEqual(sizes[1] as number);
      sizes = now;
    }
    expect(directory.hits).toBeGreaterThan(0);
    expect(sizes).toEqual([543, 539]);
    const grown = await filesIn(path);
    await rm(path, { recursive: true });
    await world.publisher(new LogDirectory(path), policy).publish();
    for (const [file, bytes] of await filesIn(path)) expect([file, grown.get(file)]).toEqual([file, bytes]);
  });
});

describe('two publishers of one folder', () => {
  it('write the same files, whichever learns first of a cosignature', async () => {
    const world = new SignedWorld();
    const policy = policyOf(world);
    const [one, two] = [0, 1].map(() => world.publisher(new LogDirectory(path), policy)) as [
      ReturnType<SignedWorld['publisher']>,
      ReturnType<SignedWorld['publisher']>,
    ];
    for (const count of [200, 100, 300]) {
      await world.grow(count);
      await Promise.allSettled([one.publish(), two.publish()]);
      await cosign(world, [NORTH]);
      await Promise.allSettled([one.publish(), cosign(world, [EAST]), two.publish()]);
    }
    await one.publish();
    await two.publish();
    expect(await requireReadable(policy)).toEqual([600, 600]);
    const grown = await filesIn(path);
    await rm(path, { recursive: true });
    await world.publisher(new LogDirectory(path), policy).publish();
    for (const [file, bytes] of await filesIn(path)) expect([file, grown.get(file)]).toEqual([file, bytes]);
  });
});
