import { join } from 'node:path';
import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import { batchOf, untilAtRest } from '../demo/reads.js';
import { submit, until, type World } from '../demo/world.js';
import {
  freePort,
  initialiseLedger,
  killRemaining,
  runToEnd,
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
  type HeldVoucher,
  type SmallRelief,
} from './small-relief.testing.js';

const HOUSEHOLDS = 12;

const folder = await temporaryFolder();
const dataDirectory = join(folder.path, 'main');
let database: TestDatabase;
let apis: readonly [ServingProcess, ServingProcess];
let leader: ServingProcess;
let worlds: readonly [World, World];
let relief: SmallRelief;
let vouchers: readonly HeldVoucher[];

beforeAll(async () => {
  database = await testDatabase();
  const databaseUrl = database.connectionString;
  const { roots } = await initialiseLedger(dataDirectory, { databaseUrl });
  const begin = async (role: string): Promise<ServingProcess> =>
    serve({ dataDirectory, port: await freePort(), databaseUrl, role });
  // The one that begins first leads.
  leader = await begin('projector');
  apis = [await begin('api'), await begin('api')];
  await begin('projector');
  worlds = [silentWorld(apis[0].url, 'one'), silentWorld(apis[1].url, 'two')];
  relief = await openSmallRelief(worlds[0], roots, HOUSEHOLDS * FACE_MINOR);
  const drafted = await draftBatch(worlds[0], relief, HOUSEHOLDS);
  await sendUntilAnswered(worlds[1].client, drafted.approval);
  await until('the batch', async () =>
    (await batchOf(worlds[1], relief.officers.registrar.signer, drafted.batch))?.status === 'issued' ? true : undefined,
  );
  const claims = await buildClaims(worlds[0], relief, drafted);
  vouchers = claims.map(({ voucher }) => voucher);
  for (const { claim } of claims) await sendUntilAnswered(worlds[1].client, claim);
}, 180_000);

afterAll(async () => {
  await killRemaining();
  await database.drop();
  await folder.remove();
});

describe('two processes that take commands, and two of which one publishes', () => {
  it('give one answer to one command, whichever is asked', async () => {
    const sales = await Promise.all(
      vouchers.slice(0, 4).map((voucher, i) =>
        buildRedemption(worlds[0], relief, {
          till: relief.tills[i] as SmallRelief['tills'][number],
          voucher,
          amountMinor: 100,
        }),
      ),
    );
    for (const sale of sales) {
      const answers = await Promise.all(worlds.map(({ client }) => sendUntilAnswered(client, sale)));
      expect(answers[0]).toEqual(answers[1]);
      expect(answers[0]).not.toHaveProperty('refused');
    }
  });

  it('let no voucher be spent twice, when both are asked at once', async () => {
    const voucher = vouchers[5] as HeldVoucher;
    const [one, two] = await Promise.all(
      worlds.map((world, i) =>
        buildRedemption(world, relief, {
          till: relief.tills[i] as SmallRelief['tills'][number],
          voucher,
          amountMinor: FACE_MINOR,
        }),
      ),
    );
    const answers = await Promise.all([
      sendUntilAnswered(worlds[0].client, one as NonNullable<typeof one>),
      sendUntilAnswered(worlds[1].client, two as NonNullable<typeof two>),
    ]);
    expect(answers.filter((answer) => 'refused' in answer)).toEqual([{ refused: 'insufficient_balance' }]);
  });

  it('answer for the process that publishes nothing but how it is', async () => {
    expect((await fetch(new URL('/health', leader.url))).status).toBe(200);
    expect((await fetch(new URL('/metrics', leader.url))).status).toBe(200);
    for (const path of ['/ledger', '/log/checkpoint', '/campaigns'])
      expect((await fetch(new URL(path, leader.url))).status).toBe(404);
  });

  it('go on when the one that publishes is killed: the other takes over, and the log is clean', async () => {
    await untilAtRest(worlds[0]);
    await leader.kill();
    // A slot with fewer than k voucher events waits for the day's end.
    await submit(worlds[0], [relief.officers.claims.signer], { type: 'StartDay', data: { day: '2099-01-01' } });
    const size = await untilAtRest(worlds[1]);
    await until('the other one to publish', async () => {
      const status = (await (await fetch(new URL('/log/status', apis[1].url))).json()) as { publishedSize: number };
      return status.publishedSize >= size ? true : undefined;
    });
    const log = join(dataDirectory, 'log');
    const audit = await runToEnd('audit', '--log', log, '--policy', join(dataDirectory, 'log-policy.txt'));
    expect(audit.notes).toBe('');
    expect(audit.exitCode).toBe(0);
  }, 60_000);
});
