import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base64DecodeOrThrow, parseLeafOrThrow, type Leaf } from '@aidtrail/envelope';
import { startDay } from '../demo/days.js';
import { openingDay } from '../demo/places.js';
import { untilAllIsOut } from '../demo/reads.js';
import { playStory } from '../demo/scenario.js';
import { startDemoServer } from '../demo/server.js';
import { traceCodeOf } from '../demo/staging.js';
import { silentWorld } from '../faults/small-relief.testing.js';

/** The demo's ledger after its last day, witnessed and still serving, for whoever looks at it. */
export interface DemoLife {
  readonly url: string;
  readonly origin: string;
  readonly dataDirectory: string;
  /** Trace codes of three gifts. */
  readonly gifts: {
    /** 350,000.00 by a company. */
    readonly company: string;
    /** 1.00, in a fund of 5,000 such gifts. */
    readonly single: string;
    /** Of somebody who let the name be shown; few households' vouchers hold it. */
    readonly village: string;
  };
  /** A later day begins, vouchers expire, and all that follows from it is published and witnessed. */
  startDay(day: string): Promise<void>;
  close(): Promise<void>;
}

export async function liveDemo(): Promise<DemoLife> {
  const home = await mkdtemp(join(tmpdir(), 'aidtrail-journeys-'));
  // Started by root, the database runs as another user, who has to get in.
  await chmod(home, 0o755);
  const dataDirectory = join(home, 'demo');
  const server = await startDemoServer({ dataDirectory, port: 0 });
  const close = async (): Promise<void> => {
    await server.close();
    await rm(home, { recursive: true, force: true });
  };
  try {
    const world = { ...silentWorld(server.url, 'aidtrail demo story'), day: openingDay };
    await world.client.refresh();
    const story = await playStory(world, server.keys);
    const { cast, gifts } = story;
    await untilAllIsOut(world);
    const channel = cast.channels.online.signer;
    const village = await firstNamedGift(server.url);
    return {
      url: server.url,
      origin: server.origin,
      dataDirectory,
      gifts: {
        company: gifts.company,
        single: await traceCodeOf(world, channel, { intake: gifts.singles.intake, number: 100 }),
        village: await traceCodeOf(world, channel, village),
      },
      startDay: async (day) => {
        await startDay(world, story, day, 'later');
        await untilAllIsOut(world);
      },
      close,
    };
  } catch (fault) {
    await close();
    throw fault;
  }
}

/** Of the people who gave for one county; found as anybody could find it, in the public log. */
async function firstNamedGift(url: string): Promise<{ readonly intake: string; readonly number: number }> {
  const text = await (await fetch(`${url}/events?from=0&limit=10000`)).text();
  const leaves = text
    .trim()
    .split('\n')
    .map((line): Leaf => parseLeafOrThrow(base64DecodeOrThrow((JSON.parse(line) as { leaf: string }).leaf)));
  const gift = leaves.find(
    ({ data, type }) => type === 'DonationReceived' && data['named'] !== undefined && data['number'] !== 0,
  );
  if (gift === undefined) throw new Error('Nobody let the name be shown.');
  return { intake: gift.data['intake'] as string, number: gift.data['number'] as number };
}
