import { join } from 'node:path';
import { createPostgresEventStore } from '@aidtrail/event-store';
import type { Readiness } from '@aidtrail/nest';
import { testDatabase } from '@aidtrail/testing';
import { forkKurrentServer } from '@aidtrail/testing/kurrentdb';
import { batchOf, untilAtRest } from '../demo/reads.js';
import { submit, until, type World } from '../demo/world.js';
import {
  freePort,
  initialiseLedger,
  killRemaining,
  runToEnd,
  serve,
  temporaryFolder,
  type Places,
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
/** How soon another process has begun to publish when the one that did is gone: docs/operations.md. */
const TAKEOVER_MILLISECONDS = 10_000;

/** What the processes share beside their data directory. */
interface Shared {
  readonly places: Places & { readonly databaseUrl: string };
  close(): Promise<void>;
}

async function postgres(): Promise<Shared> {
  const database = await testDatabase();
  return { places: { databaseUrl: database.connectionString }, close: () => database.drop() };
}

async function kurrent(): Promise<Shared> {
  const [below, server] = await Promise.all([postgres(), forkKurrentServer()]);
  return {
    places: { ...below.places, storeUrl: server.connectionString },
    close: async () => {
      await server.stop();
      await below.close();
    },
  };
}

describe.each([
  { store: 'PostgreSQL', open: postgres },
  { store: 'KurrentDB', open: kurrent },
])(
  'two processes that take commands, and two of which one publishes, with the events in $store,',
  ({ store, open }) => {
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    let dataDirectory: string;
    let shared: Shared;
    let apis: readonly [ServingProcess, ServingProcess];
    let leader: ServingProcess;
    let second: ServingProcess;
    let worlds: readonly [World, World];
    let relief: SmallRelief;
    let vouchers: readonly HeldVoucher[];

    beforeAll(async () => {
      [folder, shared] = await Promise.all([temporaryFolder(), open()]);
      dataDirectory = join(folder.path, 'main');
      const { roots } = await initialiseLedger(dataDirectory, shared.places);
      const begin = async (role: string): Promise<ServingProcess> =>
        serve({ dataDirectory, port: await freePort(), ...shared.places, role });
      // The one that begins first leads.
      leader = await begin('projector');
      const [one, two, other] = await Promise.all([begin('api'), begin('api'), begin('projector')]);
      second = other;
      apis = [one, two];
      worlds = [silentWorld(one.url, 'one'), silentWorld(two.url, 'two')];
      relief = await openSmallRelief(worlds[0], roots, HOUSEHOLDS * FACE_MINOR);
      const drafted = await draftBatch(worlds[0], relief, HOUSEHOLDS);
      await sendUntilAnswered(worlds[1].client, drafted.approval);
      const { signer } = relief.officers.registrar;
      await until('the batch', async () =>
        (await batchOf(worlds[1], signer, drafted.batch))?.status === 'issued' ? true : undefined,
      );
      const claims = await buildClaims(worlds[0], relief, drafted);
      vouchers = claims.map(({ voucher }) => voucher);
      await Promise.all(claims.map(({ claim }) => sendUntilAnswered(worlds[1].client, claim)));
    }, 180_000);

    afterAll(async () => {
      await killRemaining();
      await folder.remove();
    });

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
      for (const voucher of vouchers.slice(5, 8)) {
        const sales = await Promise.all(
          worlds.map((world, i) =>
            buildRedemption(world, relief, {
              till: relief.tills[i] as SmallRelief['tills'][number],
              voucher,
              amountMinor: FACE_MINOR,
            }),
          ),
        );
        const answers = await Promise.all(sales.map((sale, i) => sendUntilAnswered((worlds[i] as World).client, sale)));
        expect(answers.filter((answer) => 'refused' in answer)).toEqual([{ refused: 'insufficient_balance' }]);
      }
    });

    it('answer for the process that publishes nothing but how it is', async () => {
      expect((await fetch(new URL('/health', leader.url))).status).toBe(200);
      expect((await fetch(new URL('/metrics', leader.url))).status).toBe(401);
      for (const path of ['/ledger', '/log/checkpoint', '/campaigns'])
        expect((await fetch(new URL(path, leader.url))).status).toBe(404);
    });

    it('go on when the one that publishes is killed: the other takes over, and the log is clean', async () => {
      const before = await untilAtRest(worlds[0]);
      await leader.kill();
      const killedAt = performance.now();
      // A slot with fewer than k voucher events waits for the day's end.
      await submit(worlds[0], [relief.officers.claims.signer], { type: 'StartDay', data: { day: '2099-01-01' } });
      await untilPublished(before + 1);
      expect(performance.now() - killedAt).toBeLessThan(TAKEOVER_MILLISECONDS);
      await untilPublished(await untilAtRest(worlds[1]));
      const log = join(dataDirectory, 'log');
      const audit = await runToEnd('audit', '--log', log, '--policy', join(dataDirectory, 'log-policy.txt'));
      expect(audit.notes).toBe('');
      expect(audit.exitCode).toBe(0);
    }, 60_000);

    it('take commands and are ready when nobody publishes any more, and say so', async () => {
      await second.kill();
      const ready = await until('the lock to be free', async () => {
        const answer = await readiness(apis[0]);
        return answer.warnings?.includes('leader') === true ? answer : undefined;
      });
      expect(ready).toMatchObject({ status: 200, ready: true, waitingFor: [], warnings: ['leader'] });
      const sale = await buildRedemption(worlds[0], relief, {
        till: relief.tills[0] as SmallRelief['tills'][number],
        voucher: vouchers[9] as HeldVoucher,
        amountMinor: 100,
      });
      expect(await sendUntilAnswered(worlds[0].client, sale)).not.toHaveProperty('refused');
    });

    it('keep the events there and nowhere else', async () => {
      const beside = createPostgresEventStore({ connectionString: shared.places.databaseUrl });
      const head = await beside.head();
      await beside.close();
      if (store === 'PostgreSQL') expect(head).toBeGreaterThan(HOUSEHOLDS);
      else expect(head).toBe(0);
    });

    it('are not ready when what they share is gone, and say what', async () => {
      await shared.close();
      expect(await readiness(apis[1])).toMatchObject({ status: 503, waitingFor: ['store', 'database'] });
    });

    async function readiness(api: ServingProcess): Promise<Partial<Readiness> & { readonly status: number }> {
      const response = await fetch(new URL('/ready', api.url));
      return { ...((await response.json()) as Partial<Readiness>), status: response.status };
    }

    async function untilPublished(size: number): Promise<void> {
      await until('the log', async () => {
        const status = (await (await fetch(new URL('/log/status', apis[1].url))).json()) as { publishedSize: number };
        return status.publishedSize >= size ? true : undefined;
      });
    }
  },
);
