import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startApi } from '@aidtrail/api';
import { Refused } from '@aidtrail/client';
import { loadConfigOrThrow, openSystem, type System } from '@aidtrail/nest';
import { inventHouseholds, type Household } from '../demo/people.js';
import { batchOf, settlementsOf, untilAtRest, untilPublished } from '../demo/reads.js';
import { tidyRoster } from '../demo/rosters.js';
import { uploadRoster } from '../demo/staging.js';
import { submit, until, type World } from '../demo/world.js';
import {
  freePort,
  initialiseLedger,
  killRemaining,
  runToEnd,
  serve,
  serveAndKill,
  temporaryFolder,
  type OpenedLedger,
  type ServingProcess,
} from './program.testing.js';
import {
  buildClaims,
  buildRedemption,
  draftBatchOf,
  FACE_MINOR,
  openSmallRelief,
  sendUntilAnswered,
  silentWorld,
  type SmallRelief,
} from './small-relief.testing.js';

const HOUSEHOLDS = 40;
const ROUNDS = 6;
const SPENT_MINOR = 700;

const folder = await temporaryFolder();
let opened: OpenedLedger;
let port: number;
let server: ServingProcess;
let world: World;
let relief: SmallRelief;
let households: readonly Household[];
/** By household. */
let personIds: readonly string[];
let backup: string;
/** Erasures of which the answer has reached the registrar, and those whose request died with the server. */
const acknowledged = new Set<string>();
const unanswered = new Set<string>();

beforeAll(async () => {
  opened = await initialiseLedger(join(folder.path, 'main'));
  port = await freePort();
  server = await serve({ dataDirectory: opened.dataDirectory, port });
  world = silentWorld(server.url, 'kill erasure');
  relief = await openSmallRelief(world, opened.roots, HOUSEHOLDS * FACE_MINOR);
  await issueAndSpend();
  expect(await server.stop()).toBe(0);
  backup = await copy(opened.dataDirectory, join(folder.path, 'backup'));
  personIds = await inside(opened.dataDirectory, idsOfHouseholds);
  server = await serve({ dataDirectory: opened.dataDirectory, port });
}, 180_000);

afterAll(async () => {
  await killRemaining();
  await folder.remove();
});

/** Every household gets a voucher and buys something with it; nothing is settled yet. */
async function issueAndSpend(): Promise<void> {
  households = inventHouseholds({ count: HOUSEHOLDS, communities: ['上坝村'], division: '07' }, world.story);
  const file = tidyRoster('roster.csv', households);
  const answer = await uploadRoster(world, relief.officers.registrar.signer, { ...relief, file });
  if (answer.status === 'refused') throw new Error(`The roster was refused: ${answer.code}.`);
  const batch = await draftBatchOf(world, relief, answer.rosterId);
  await world.client.send(batch.approval);
  await until('all vouchers', async () => {
    const view = await batchOf(world, relief.officers.finance.signer, batch.batch);
    return view?.status === 'issued' ? true : undefined;
  });
  const [till] = relief.tills;
  if (till === undefined) throw new Error('There is no till.');
  for (const { voucher, claim } of await buildClaims(world, relief, batch)) {
    expect(await sendUntilAnswered(world.client, claim)).toHaveProperty('event');
    const sale = await buildRedemption(world, relief, { till, voucher, amountMinor: SPENT_MINOR });
    expect(await sendUntilAnswered(world.client, sale)).toHaveProperty('event');
  }
  // A slot waits for k voucher events, and the last sales may be fewer; a new day publishes them.
  await untilAtRest(world);
  await submit(world, [relief.officers.claims.signer], { type: 'StartDay', data: { day: '2099-01-01' } });
  await untilPublished(world, await untilAtRest(world));
}

/** With owners and modes: PostgreSQL does not touch files that are not its own. */
async function copy(from: string, to: string): Promise<string> {
  await promisify(execFile)('cp', ['-a', from, to]);
  return to;
}

async function inside<T>(dataDirectory: string, work: (system: System) => Promise<T>): Promise<T> {
  const system = await openSystem(loadConfigOrThrow({ dataDirectory, logLevel: 'silent' }, {}));
  try {
    return await work(system);
  } finally {
    await system.close();
  }
}

function idsOfHouseholds({ people }: System): Promise<readonly string[]> {
  return Promise.all(
    households.map(async ({ idNumber }) => {
      const id = await people.findPerson(relief.programme, { idType: 'resident_id', idNumber });
      if (id === undefined) throw new Error('A household is not registered.');
      return id;
    }),
  );
}

/** Orders an erasure; undefined when the server died before it answered. */
async function erase(person: string): Promise<string | undefined> {
  try {
    const path = `/people/${person}/erasure`;
    const answer = await world.client.post(path, { reason: 'subject_request' }, relief.officers.registrar.signer);
    acknowledged.add(person);
    return (answer as { readonly status: string }).status;
  } catch (fault) {
    if (fault instanceof Refused) throw fault;
    unanswered.add(person);
    return undefined;
  }
}

/** What a registrar reads: all of the household, or that it was erased. Anything between the two throws. */
async function read(person: string): Promise<'whole' | 'erased'> {
  try {
    const path = `/people/${person}/reads`;
    const answer = await world.client.post(path, { purpose: 'complaint' }, relief.officers.registrar.signer);
    const { name, idNumber, community } = households[personIds.indexOf(person)] as Household;
    expect(answer).toMatchObject({ name, idNumber, community });
    return 'whole';
  } catch (fault) {
    if (fault instanceof Refused && fault.problem.status === 410) return 'erased';
    throw fault;
  }
}

const statesOf = (people: readonly string[]) => Promise.all(people.map(read));
const erased = (count: number) => Array.from({ length: count }, () => 'erased');

describe('a server that is killed with signal 9 during an erasure', () => {
  it('has erased whom it said it had, and nobody half', async () => {
    const list = join(opened.dataDirectory, 'erasures.jsonl');
    const lines = async () => (await readFile(list, 'utf8').catch(() => '')).length;
    for (let round = 0; round < ROUNDS; round += 1) {
      const some = personIds.slice(round * 5, round * 5 + 5);
      const before = await lines();
      const erasures = Promise.all(some.map(erase));
      // In turn: as soon as the list has grown, which is before anything is destroyed; or at any moment.
      if (round % 2 === 0) while ((await lines()) === before) await new Promise(setImmediate);
      else await new Promise((resolve) => setTimeout(resolve, world.story.between(1, 60)));
      await server.kill({ database: round % 3 === 2 });
      await erasures;
      server = await serve({ dataDirectory: opened.dataDirectory, port });
      expect(await statesOf([...acknowledged])).toEqual(erased(acknowledged.size));
      const listed = await readFile(list, 'utf8').catch(() => '');
      for (const person of some) {
        expect(await read(person)).toBe(listed.includes(`"${person}"`) ? 'erased' : 'whole');
      }
    }
    expect(unanswered.size).toBeGreaterThan(ROUNDS);
  }, 180_000);

  it('lets the order be repeated until it is answered', async () => {
    for (const person of unanswered) expect(await erase(person)).toMatch(/^(already_)?erased$/);
    expect(await statesOf([...acknowledged])).toEqual(erased(acknowledged.size));
    const others = personIds.filter((person) => !acknowledged.has(person));
    expect(others.length).toBeGreaterThan(0);
    expect(await statesOf(others)).toEqual(others.map(() => 'whole'));
  });

  it('leaves read models that hold nothing of the erased, as a rebuild would make them', async () => {
    expect(await server.stop()).toBe(0);
    const digest = await blankedDigest(opened.dataDirectory);
    const { exitCode, output } = await runToEnd('rebuild', '--data', opened.dataDirectory, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ digest });
  }, 60_000);

  it('still pays the shops for all that was bought', async () => {
    server = await serve({ dataDirectory: opened.dataDirectory, port });
    expect(await proposedMinor()).toBe(HOUSEHOLDS * SPENT_MINOR);
    expect(await server.stop()).toBe(0);
  }, 60_000);
});

describe('a server that is killed while it starts on a restored backup', () => {
  beforeAll(async () => {
    // The backup is from before the erasures; their list and the newest checkpoint are not part of it.
    await copy(join(opened.dataDirectory, 'erasures.jsonl'), join(backup, 'erasures.jsonl'));
    for (const milliseconds of [900, 1_400, 1_900]) await serveAndKill({ dataDirectory: backup, port }, milliseconds);
    server = await serve({ dataDirectory: backup, port });
  }, 60_000);
  afterAll(() => rm(backup, { recursive: true, force: true, maxRetries: 5 }));

  it('erases everybody on the list again before it serves, and nobody else', async () => {
    expect(await statesOf([...acknowledged])).toEqual(erased(acknowledged.size));
    const others = personIds.filter((person) => !acknowledged.has(person));
    expect(await statesOf(others)).toEqual(others.map(() => 'whole'));
  });

  it('still pays the shops for all that was bought before the backup', async () => {
    expect(await proposedMinor()).toBe(HOUSEHOLDS * SPENT_MINOR);
    expect(await server.stop()).toBe(0);
  }, 60_000);
});

/** Closes the window and returns what the merchant's settlement says was sold in it. */
async function proposedMinor(): Promise<number> {
  const to = await untilPublished(world, await untilAtRest(world));
  await submit(world, [relief.officers.claims.signer], { type: 'SetCutoff', data: { to } });
  await untilAtRest(world);
  const proposed = await settlementsOf(world, relief.officers.finance.signer, relief.merchant);
  return proposed.reduce((sum, { grossMinor }) => sum + grossMinor, 0);
}

/** Serves until nothing of the erased is left in the read models; the digest of their tables. */
async function blankedDigest(dataDirectory: string): Promise<string> {
  const api = await startApi(loadConfigOrThrow({ dataDirectory, port: 0, logLevel: 'silent' }, {}));
  try {
    await until('the blanking', async () => {
      const { vouchers } = await api.system.people.leftovers(1);
      return vouchers.length === 0 ? true : undefined;
    });
    return await api.system.projector.tablesDigest();
  } finally {
    await api.close();
  }
}
