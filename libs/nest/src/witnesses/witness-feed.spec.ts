import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nodeSha256, sodiumVerifier } from '@aidtrail/crypto-node';
import { LogConflict } from '@aidtrail/log-files';
import { formatPolicy, openWitnessedCheckpointOrThrow, parsePolicyOrThrow } from '@aidtrail/public-log';
import type { Publisher } from '../publisher/publisher.js';
import { hasher, SignedWorld } from '../publisher/signed-world.testing.js';
import type { CosignedCheckpoints } from './cosigned-checkpoints.js';
import type { Behaviour, FakeWitness } from './fake-witness.testing.js';
import { proofFromTiles } from './published-proofs.js';
import { WitnessClient } from './witness-client.js';
import { WitnessFault } from './witness-fault.js';
import { WitnessFeed } from './witness-feed.js';
import { WitnessedLog } from './witnessed-log.testing.js';

let log: WitnessedLog;
beforeEach(async () => {
  log = await WitnessedLog.open();
});
afterEach(() => log.close());

/** One witness, fed by hand, with what it made the log tell. */
function feedOf(world: SignedWorld, fake: FakeWitness, publisher: Publisher, cosigned: CosignedCheckpoints) {
  const told: string[] = [];
  const { checkpoints, signer } = world;
  const client = new WitnessClient({
    witness: fake.policy,
    logKey: signer.key,
    verifier: sodiumVerifier,
    sha256: nodeSha256,
    timeoutMilliseconds: 300,
  });
  const feed = new WitnessFeed({
    witness: fake.policy,
    client,
    cosigned,
    checkpoints,
    published: () => publisher.newest,
    proof: (range) => proofFromTiles({ directory: log.directory, checkpoints, hasher }, range),
    random: () => 1,
    onFault: (fault) => told.push(fault instanceof WitnessFault ? fault.code : String(fault)),
  });
  return { feed, told };
}

async function setUp(sizes: readonly number[]) {
  const world = new SignedWorld();
  const fake = await log.witness('north');
  const publisher = world.publisher(log.directory, log.policyOf(world));
  for (const count of sizes) await world.grow(count);
  await publisher.publish();
  const cosigned = world.cosigned(log.policyOf(world));
  return { world, fake, publisher, cosigned, ...feedOf(world, fake, publisher, cosigned) };
}

describe('a published checkpoint', () => {
  it('is handed to the witness with a proof from what it has cosigned, and only the newest', async () => {
    const { world, fake, publisher, feed, told } = await setUp([300]);
    await feed.step();
    for (const count of [1, 255, 2_000]) {
      await world.grow(count);
      await world.grow(3);
      await publisher.publish();
      await feed.step();
      await feed.step();
    }
    expect(fake.asked).toEqual([
      [0, 300],
      [300, 304],
      [304, 562],
      [562, 2_565],
    ]);
    expect(told).toEqual([]);
    expect(fake.longest).toBeLessThan(10 * 1_024);
  });

  it('gets the cosignature as a line, and is the witnessed one once the quorum is met', async () => {
    const { world, publisher, feed, fake } = await setUp([300]);
    const { note: signed = '' } = (await world.checkpoints.newest()) ?? {};
    expect(await log.note('checkpoint')).toBe(signed);
    expect(await log.directory.readCheckpoint('witnessed-checkpoint')).toBeUndefined();
    await feed.step();
    await publisher.publish();
    expect(await log.note('checkpoint')).toBe(signed + fake.line(signed));
    expect(await log.note('witnessed-checkpoint')).toBe(signed + fake.line(signed));
    await world.grow(1);
    await publisher.publish();
    expect((await log.note('checkpoint')).split('\n')[1]).toBe('301');
    expect(await log.note('witnessed-checkpoint')).toBe(signed + fake.line(signed));
    const policy = parsePolicyOrThrow(formatPolicy(log.policyOf(world)));
    const opened = openWitnessedCheckpointOrThrow(await log.note('witnessed-checkpoint'), policy, sodiumVerifier);
    expect(opened.cosignedBy.map(({ witness }) => witness)).toEqual(['north']);
  });

  it('is proven from the size that a witness names, when it knows more or less than was thought', async () => {
    const { world, fake, publisher, cosigned, feed, told } = await setUp([300]);
    await feed.step();
    // It was put back, as from an older copy; and after a restart we think that it knows nothing new.
    fake.held = undefined;
    await world.grow(10);
    await publisher.publish();
    await feed.step();
    expect(fake.asked.slice(1)).toEqual([
      [300, 310],
      [0, 310],
    ]);
    const again = feedOf(world, fake, publisher, cosigned);
    await world.grow(10);
    await publisher.publish();
    await again.feed.step();
    expect(fake.asked.at(-1)).toEqual([310, 320]);
    expect([...told, ...again.told]).toEqual([]);
  });

  it('is cosigned by a mirror, which is handed nothing and shows what it has copied', async () => {
    const { world, fake, publisher, feed, told } = await setUp([300]);
    fake.behaviour = 'mirror';
    const { note: signed = '' } = (await world.checkpoints.newest()) ?? {};
    await feed.step();
    expect(told).toEqual(['log_unknown']);
    fake.held = { size: 300, note: signed + fake.line(signed) };
    await feed.step();
    await publisher.publish();
    expect(await log.note('witnessed-checkpoint')).toBe(signed + fake.line(signed));
    // While it copies what is newer, nothing is wrong, and it is not asked to take anything.
    await world.grow(10);
    await publisher.publish();
    const asked = fake.asked.length;
    await feed.step();
    const { note: next = '' } = (await world.checkpoints.newest()) ?? {};
    fake.held = { size: 310, note: next + fake.line(next) };
    await feed.step();
    await publisher.publish();
    expect(await log.note('witnessed-checkpoint')).toBe(next + fake.line(next));
    expect([told, fake.asked.length, feed.fault]).toEqual([['log_unknown'], asked, undefined]);
  });

  it('is not taken from a mirror that shows it without its own cosignature, or with that of a stranger', async () => {
    const { world, fake, feed, told } = await setUp([300]);
    fake.behaviour = 'mirror';
    const { note: signed = '' } = (await world.checkpoints.newest()) ?? {};
    const stranger = await log.witness('south');
    for (const shown of [signed, signed + stranger.line(signed)]) {
      fake.held = { size: 300, note: shown };
      await feed.step();
    }
    expect(told).toEqual(['bad_cosignature', 'bad_cosignature']);
  });

  it('is asked for again when the answer was lost', async () => {
    const { world, fake, publisher, feed } = await setUp([300]);
    const { note: signed = '' } = (await world.checkpoints.newest()) ?? {};
    fake.held = { size: 300, note: signed + fake.line(signed) };
    await feed.step();
    await publisher.publish();
    expect(fake.asked).toEqual([
      [0, 300],
      [300, 300],
    ]);
    expect(await log.note('witnessed-checkpoint')).toContain('north.example');
  });
});

describe('a witness that', () => {
  it.each<[string, Behaviour, string]>([
    ['never answers', 'silent', 'too_slow'],
    ['answers without an end', 'endless', 'answer_too_large'],
    ['answers something else', 'garbage', 'bad_cosignature'],
    ['signs another time than it says', 'wrong_time', 'bad_cosignature'],
    ['signs another tree', 'other_tree', 'bad_cosignature'],
    ['signs with another key', 'other_key', 'bad_cosignature'],
    ['answers nothing', 'no_line', 'bad_cosignature'],
    ['sends us elsewhere', 'elsewhere', 'unreachable'],
    ['refuses', 'refuses', 'refused'],
    ['does not know the log', 'unknown_log', 'log_unknown'],
    ['says that the log contradicts itself', 'contradicts', 'claims_contradiction'],
    ['names no size', 'no_size', 'bad_size'],
    ['names a size that was never signed', 'larger_size', 'claims_more'],
    ['names another size each time', 'other_size_each_time', 'bad_size'],
  ])('%s is told of, gets nothing into the files, and is forgiven', async (_, behaviour, code) => {
    const { world, fake, publisher, feed, told } = await setUp([300]);
    fake.behaviour = behaviour;
    expect(await feed.step()).toBe(1_000);
    expect(await feed.step()).toBe(2_000);
    expect(told).toEqual([code, code]);
    expect(feed.fault).toBe(code);
    await publisher.publish();
    expect(await log.note('checkpoint')).toBe((await world.checkpoints.newest())?.note);
    expect(await log.directory.readCheckpoint('witnessed-checkpoint')).toBeUndefined();
    fake.behaviour = 'honest';
    await feed.step();
    expect(feed.fault).toBeUndefined();
    await publisher.publish();
    expect(await log.note('witnessed-checkpoint')).toContain('north.example');
  });

  it('is down is asked ever less often, but for ever', async () => {
    const { fake, feed, told } = await setUp([3]);
    await fake.close();
    const waits = [];
    for (let i = 0; i < 11; i += 1) waits.push(await feed.step());
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map((seconds) => seconds * 1_000));
    expect(new Set(told)).toEqual(new Set(['unreachable']));
  });

  it('holds a checkpoint of ours that the database has not signed stops everything', async () => {
    const { fake, feed } = await setUp([300]);
    const newer = new SignedWorld();
    await newer.grow(400);
    const signed = (await newer.checkpoints.newest())?.note ?? '';
    fake.held = { size: 400, note: signed + fake.line(signed) };
    await expect(feed.step()).rejects.toThrow(LogConflict);
    await expect(feed.checkHeld()).rejects.toThrow('older copy');
  });

  it('holds another tree of ours of the same size stops everything', async () => {
    const { fake, feed } = await setUp([300]);
    const twin = new SignedWorld('other');
    await twin.grow(300);
    const signed = (await twin.checkpoints.newest())?.note ?? '';
    fake.held = { size: 300, note: signed + fake.line(signed) };
    await expect(feed.checkHeld()).rejects.toThrow('two histories');
    fake.behaviour = 'contradicts';
    await expect(feed.step()).rejects.toThrow(LogConflict);
  });

  it('shows a checkpoint that our key has not signed proves nothing', async () => {
    const { world, fake, feed, told } = await setUp([300]);
    const signed = (await world.checkpoints.newest())?.note ?? '';
    const forged = signed.replace('\n300\n', '\n400\n');
    fake.held = { size: 400, note: forged + fake.line(forged) };
    await feed.step();
    expect(told).toEqual(['claims_more']);
    await expect(feed.checkHeld()).resolves.toBeUndefined();
  });
});
