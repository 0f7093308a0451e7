import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { SignedCommand } from '@aidtrail/envelope';
import { forkKurrentServer, type KurrentServerProcess } from '@aidtrail/testing/kurrentdb';
import { batchOf, untilAtRest } from '../demo/reads.js';
import { submit, until, type World } from '../demo/world.js';
import {
  freePort,
  initialiseLedger,
  killRemaining,
  runAndKill,
  runToEnd,
  runWith,
  serve,
  temporaryFolder,
  type ServingProcess,
} from './program.testing.js';
import {
  buildClaims,
  buildRedemption,
  draftBatch,
  FACE_MINOR,
  openSmallRelief,
  sendUntilAnswered,
  silentWorld,
  type FinalAnswer,
  type HeldVoucher,
  type SmallRelief,
} from './small-relief.testing.js';

const HOUSEHOLDS = 12;

const folder = await temporaryFolder();
const dataDirectory = join(folder.path, 'main');
const policy = join(dataDirectory, 'log-policy.txt');
let kurrent: KurrentServerProcess;
let server: ServingProcess;
let world: World;
let relief: SmallRelief;
let vouchers: readonly HeldVoucher[];
/** What was handed in before the move, and how it was answered. */
let history: readonly { readonly command: SignedCommand; readonly answer: FinalAnswer }[];

const copying = (from: string, to: string): readonly string[] => [
  'store',
  'copy',
  '--data',
  dataDirectory,
  '--from',
  from,
  '--to',
  to,
  '--json',
];

const copy = (from: string, to: string) => runWith({ AIDTRAIL_STORE: kurrent.connectionString }, ...copying(from, to));

const sell = (voucher: number, amountMinor: number): Promise<SignedCommand> =>
  buildRedemption(world, relief, {
    till: relief.tills[0] as SmallRelief['tills'][number],
    voucher: vouchers[voucher] as HeldVoucher,
    amountMinor,
  });

const begin = async (storeUrl?: string): Promise<void> => {
  server = await serve({ dataDirectory, port: await freePort(), ...(storeUrl === undefined ? {} : { storeUrl }) });
  const again = silentWorld(server.url, randomUUID());
  if (world !== undefined) again.day = world.day;
  world = again;
};

/** A slot with fewer than k voucher events waits for the day's end. */
const publishAll = async (day: string): Promise<number> => {
  await submit(world, [relief.officers.claims.signer], { type: 'StartDay', data: { day } });
  const size = await untilAtRest(world);
  return until('the log', async () => {
    const status = (await (await fetch(new URL('/log/status', server.url))).json()) as { publishedSize: number };
    return status.publishedSize >= size ? status.publishedSize : undefined;
  });
};

beforeAll(async () => {
  kurrent = await forkKurrentServer();
  const { roots } = await initialiseLedger(dataDirectory);
  await begin();
  relief = await openSmallRelief(world, roots, HOUSEHOLDS * FACE_MINOR);
  const drafted = await draftBatch(world, relief, HOUSEHOLDS);
  await sendUntilAnswered(world.client, drafted.approval);
  await until('the batch', async () =>
    (await batchOf(world, relief.officers.registrar.signer, drafted.batch))?.status === 'issued' ? true : undefined,
  );
  const claims = await buildClaims(world, relief, drafted);
  vouchers = claims.map(({ voucher }) => voucher);
  const commands = [drafted.approval, ...claims.map(({ claim }) => claim)];
  for (const { claim } of claims) await sendUntilAnswered(world.client, claim);
  commands.push(await sell(0, 1_000), await sell(1, FACE_MINOR), await sell(1, 100));
  const answered = [];
  for (const command of commands) answered.push({ command, answer: await sendUntilAnswered(world.client, command) });
  history = answered;
}, 180_000);

afterAll(async () => {
  await killRemaining();
  await kurrent.stop();
  await folder.remove();
});

async function expectOldAnswers(): Promise<void> {
  for (const { command, answer } of history) {
    expect(await sendUntilAnswered(world.client, command)).toEqual(answer);
  }
}

describe('a ledger that moves to KurrentDB', () => {
  it('had something refused, and something accepted', () => {
    expect(history.at(-1)?.answer).toEqual({ refused: 'insufficient_balance' });
    expect(history.at(-2)?.answer).not.toHaveProperty('refused');
  });

  it('does not move while it is served', async () => {
    const { exitCode, output, notes } = await copy('postgres', 'kurrentdb');
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(notes).toContain('in use');
  });

  it('is copied and served from there: old answers hold, new sales work, and the log is clean', async () => {
    const size = await publishAll('2099-01-01');
    expect(await server.stop()).toBe(0);
    // Wherever it is killed, the same command goes on.
    for (const milliseconds of [700, 1_300, 1_600, 1_900]) {
      const environment = { AIDTRAIL_STORE: kurrent.connectionString };
      await runAndKill(environment, milliseconds, ...copying('postgres', 'kurrentdb'));
    }
    const moved = await copy('postgres', 'kurrentdb');
    expect(moved).toMatchObject({ exitCode: 0, notes: '' });
    const result = JSON.parse(moved.output) as { events: number; refused: number };
    expect(result).toMatchObject({ refused: 1 });
    expect(result.events).toBeGreaterThanOrEqual(size);

    await begin(kurrent.connectionString);
    await expectOldAnswers();
    expect(await sendUntilAnswered(world.client, await sell(0, 2_001))).toEqual({ refused: 'insufficient_balance' });
    expect(await sendUntilAnswered(world.client, await sell(0, 2_000))).not.toHaveProperty('refused');
    expect(await publishAll('2099-01-02')).toBeGreaterThan(size);
    const audit = await runToEnd('audit', '--log', join(dataDirectory, 'log'), '--policy', policy);
    expect(audit).toMatchObject({ exitCode: 0, notes: '' });
  }, 120_000);

  it('does not begin again where it was: fewer events are there than were signed', async () => {
    expect(await server.stop()).toBe(0);
    const { exitCode, notes } = await runToEnd('serve', '--data', dataDirectory, '--port', '0');
    expect(exitCode).toBe(2);
    expect(notes).toContain('older copy');
    const wrongWay = await copy('postgres', 'kurrentdb');
    expect(wrongWay.exitCode).toBe(1);
    expect(wrongWay.notes).toMatch(/The target holds \d+ events, the source only \d+/);
  }, 60_000);

  it('moves back with what came since, and goes on there', async () => {
    const back = await copy('kurrentdb', 'postgres');
    expect(back).toMatchObject({ exitCode: 0, notes: '' });
    const { events, copiedEvents } = JSON.parse(back.output) as { events: number; copiedEvents: number };
    expect(copiedEvents).toBeGreaterThan(0);
    expect(copiedEvents).toBeLessThan(events);
    await begin();
    await expectOldAnswers();
    expect(await sendUntilAnswered(world.client, await sell(2, 500))).not.toHaveProperty('refused');
    await publishAll('2099-01-03');
    const audit = await runToEnd('audit', '--log', join(dataDirectory, 'log'), '--policy', policy);
    expect(audit).toMatchObject({ exitCode: 0, notes: '' });
  }, 120_000);
});
