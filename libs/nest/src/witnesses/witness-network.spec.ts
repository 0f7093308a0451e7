import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogConflict } from '@aidtrail/log-files';
import type { Publisher } from '../publisher/publisher.js';
import { SignedWorld } from '../publisher/signed-world.testing.js';
import type { WitnessFault } from './witness-fault.js';
import { WitnessNetwork } from './witness-network.js';
import { WitnessedLog } from './witnessed-log.testing.js';

let log: WitnessedLog;
beforeEach(async () => {
  log = await WitnessedLog.open();
});
afterEach(() => log.close());

describe('the witnesses of a policy', () => {
  async function network(world: SignedWorld, publisher: Publisher, ownHosts: readonly string[] = []) {
    const told: string[] = [];
    const { checkpoints, signer } = world;
    const policy = log.policyOf(world);
    const cosigned = world.cosigned(policy);
    const published = () => publisher.newest;
    const witnessedSize = () => publisher.witnessedSize;
    const witnesses = new WitnessNetwork({
      directory: log.directory,
      ...{ policy, logKey: signer.key, cosigned, checkpoints, published, witnessedSize },
      ownHosts: new Set(ownHosts),
      random: () => 1,
      onFault: (where, fault) => told.push(`${where}: ${(fault as WitnessFault).code}`),
    });
    return { witnesses, told };
  }

  it('meet the quorum while one of three is silent, and nothing waits for it', async () => {
    const world = new SignedWorld();
    const [north, south, east] = [await log.witness('north'), await log.witness('south'), await log.witness('east')];
    south.behaviour = 'silent';
    const publisher = world.publisher(log.directory, log.policyOf(world));
    const { witnesses } = await network(world, publisher);
    const stopping = new AbortController();
    const running = witnesses.run(stopping.signal);
    await world.grow(300);
    const begun = north.asked.length;
    await publisher.publish();
    while (witnesses.status().witnessedSize !== 300) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await publisher.publish();
    }
    expect(await log.note('witnessed-checkpoint')).toMatch(/north\.example .*\n.*east\.example /);
    expect(await log.note('witnessed-checkpoint')).not.toContain('south.example');
    expect([begun, north.asked.length, south.asked.length, east.asked.length]).toEqual([0, 1, 1, 1]);
    expect(witnesses.status()).toMatchObject({
      publishedSize: 300,
      witnessedSize: 300,
      quorum: '2 of (north, south, east)',
      witnesses: [
        { name: 'north', state: 'current', cosignedSize: 300, cosignedAt: '2026-05-28T20:26:40Z' },
        { name: 'south', state: 'waiting' },
        { name: 'east', state: 'current', cosignedSize: 300 },
      ],
    });
    stopping.abort();
    await running;
  });

  it('are not independent on this machine, and say so', async () => {
    await log.witness('north');
    const world = new SignedWorld();
    const { witnesses } = await network(world, world.publisher(log.directory));
    expect(witnesses.status().witnesses).toMatchObject([{ independent: false, label: 'not independent' }]);
  });

  it('are asked before a start: those that do not answer are named, and one that knows better ends it', async () => {
    const world = new SignedWorld();
    const [north, south] = [await log.witness('north'), await log.witness('south')];
    await south.close();
    await world.grow(5);
    const { witnesses } = await network(world, world.publisher(log.directory));
    expect(await witnesses.check()).toEqual(['south']);
    const newer = new SignedWorld();
    await newer.grow(9);
    const signed = (await newer.checkpoints.newest())?.note ?? '';
    north.held = { size: 9, note: signed + north.line(signed) };
    await expect(witnesses.check()).rejects.toThrow(LogConflict);
  });

  it('stop all work when one proves later that the database is an older copy', async () => {
    const world = new SignedWorld();
    const north = await log.witness('north');
    const publisher = world.publisher(log.directory, log.policyOf(world));
    const { witnesses } = await network(world, publisher);
    const newer = new SignedWorld();
    await newer.grow(9);
    const signed = (await newer.checkpoints.newest())?.note ?? '';
    north.held = { size: 9, note: signed + north.line(signed) };
    await world.grow(5);
    await publisher.publish();
    await expect(witnesses.run(new AbortController().signal)).rejects.toThrow('Stop every server');
  });
});
