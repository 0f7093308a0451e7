import { join } from 'node:path';
import { startApi, type RunningApi } from '@aidtrail/api';
import { readKeyFileOrThrow, sodiumSigner } from '@aidtrail/crypto-node';
import { base64Encode, encodeCommandEnvelope, type SignedCommand, type Signer } from '@aidtrail/envelope';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@aidtrail/event-store/embedded';
import { initialise, loadConfigOrThrow } from '@aidtrail/nest';
import { readiness } from '../demo/reads.js';
import { until, type World } from '../demo/world.js';
import { openCuttableLink, type CuttableLink } from './cuttable-link.testing.js';
import { freePort, monitorTokenFileFor, postmasterOf, temporaryFolder } from './program.testing.js';
import { commandIdsIn, gapsIn, readPublicLog } from './public-log.testing.js';
import { silentWorld } from './small-relief.testing.js';

const folder = await temporaryFolder();
const databaseFolder = join(folder.path, 'database');
let databasePort: number;
let postgres: EmbeddedPostgres;
let link: CuttableLink;
let api: RunningApi;
let world: World;
let root: Signer;
let eventKey: string;
/** Every command that was answered with 200, by id, with the bytes of its answer. */
const acknowledged = new Map<string, string>();

beforeAll(async () => {
  databasePort = await freePort();
  postgres = await startDatabase();
  link = await openCuttableLink({ port: databasePort });
  const url = new URL(postgres.connectionString);
  url.port = String(link.port);
  const dataDirectory = join(folder.path, 'main');
  const overrides = { dataDirectory, databaseUrl: url.href, port: 0, logLevel: 'silent' };
  const monitorTokenFile = await monitorTokenFileFor(dataDirectory);
  const config = loadConfigOrThrow(
    { ...overrides, logLevel: 'silent', slotMilliseconds: 1_000, publicRequestsPerMinute: 0, monitorTokenFile },
    {},
  );
  const opening = { origin: 'ledger.aidtrail.example/gone', roots: [], utcOffsetMinutes: 480, k: 10, now: Date.now() };
  const opened = await initialise(config, opening);
  if (opened.status !== 'opened') throw new Error('The ledger was not opened.');
  root = sodiumSigner(await readKeyFileOrThrow(opened.rootKeyFiles[0] ?? '', 'ed25519-seed'));
  eventKey = opened.file.eventKey;
  api = await startApi(config);
  world = silentWorld(api.url, 'store gone');
  await world.client.refresh();
}, 120_000);

afterAll(async () => {
  await api.close();
  await link.close();
  await postgres.stop();
  await folder.remove();
});

const startDatabase = () =>
  startEmbeddedPostgres({ dataDirectory: databaseFolder, port: databasePort, database: 'aidtrail' });

/** PostgreSQL's immediate shutdown: as if the machine had lost its power, but for what the disk cache holds. */
async function crashDatabase(): Promise<void> {
  const pid = await postmasterOf(databaseFolder);
  if (pid === undefined) throw new Error('There is no PostgreSQL to stop.');
  process.kill(pid, 'SIGQUIT');
  await postgres.stop();
}

/** A root officer proposes a new key: a small command on a stream of its own. */
async function enrolment(): Promise<SignedCommand> {
  const { publicKey } = sodiumSigner(world.entropy.bytes(32));
  const data = { publicKey: base64Encode(publicKey), role: 'worker', officer: 'worker-1' };
  return world.client.build({ type: 'EnrollKey', data }, [root]);
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
  readonly repeated: boolean;
}

async function send(signed: SignedCommand): Promise<Answer> {
  const response = await fetch(new URL('/commands', api.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(encodeCommandEnvelope(signed)),
  });
  const text = await response.text();
  if (response.status === 200) acknowledged.set(signed.body.id, text);
  const { headers } = response;
  return {
    status: response.status,
    text,
    retryAfter: headers.get('retry-after'),
    repeated: headers.get('aidtrail-repeated') === 'true',
  };
}

const sendUntilAccepted = (signed: SignedCommand) =>
  until('an acceptance', async () => {
    const answer = await send(signed);
    if (answer.status === 200) return answer;
    expectUnavailable(answer);
    return undefined;
  });

function expectUnavailable({ status, text, retryAfter }: Omit<Answer, 'repeated'>): void {
  expect({ status, ...(JSON.parse(text) as object) }).toMatchObject({
    status: 503,
    code: 'store_unavailable',
    final: false,
  });
  expect(Number(retryAfter)).toBeGreaterThan(0);
}

async function outcomeOf(signed: SignedCommand): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(new URL(`/commands/${signed.body.id}`, api.url));
  return { status: response.status, text: await response.text() };
}

const PATHS = [
  '/campaigns',
  '/events?from=0&limit=3',
  '/events/0',
  `/commands/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`,
  '/ready',
];

const read = (paths: readonly string[]) =>
  Promise.all(
    paths.map(async (path) => {
      const response = await fetch(new URL(path, api.url), { signal: AbortSignal.timeout(40_000) });
      const { code } = JSON.parse(await response.text()) as { readonly code?: string };
      return { path, status: response.status, code, retry: response.headers.has('retry-after') };
    }),
  );

const unavailable = (path: string) => ({
  path,
  status: 503,
  code: path === '/ready' ? 'not_ready' : 'store_unavailable',
  retry: true,
});

/** A UUID as PostgreSQL's binary protocol carries it. */
const bytesOf = ({ body }: SignedCommand) => Buffer.from(body.id.replaceAll('-', ''), 'hex');

describe('PostgreSQL gone in the middle of a request', () => {
  it('is 503 for the sender when the command did not get there; the same bytes then succeed', async () => {
    const signed = await enrolment();
    const cut = link.loseRequestWith(bytesOf(signed));
    const lost = await send(signed);
    await cut;
    expectUnavailable(lost);
    expect((await outcomeOf(signed)).status).toBe(404);
    expect(await sendUntilAccepted(signed)).toMatchObject({ repeated: false });
  });

  it('is 503 when the command was stored and only the answer was lost; the same bytes get the answer stored', async () => {
    const signed = await enrolment();
    const cut = link.loseAnswerTo(bytesOf(signed));
    const lost = await send(signed);
    await cut;
    expectUnavailable(lost);
    const stored = await outcomeOf(signed);
    expect(stored.status).toBe(200);
    const again = await sendUntilAccepted(signed);
    expect(again).toMatchObject({ repeated: true, text: stored.text });
    expect(await sendUntilAccepted(signed)).toMatchObject({ repeated: true, text: stored.text });
  });

  it('lets the stream go on whose last answer was lost', async () => {
    const signed = await enrolment();
    const cut = link.loseAnswerTo(bytesOf(signed));
    expectUnavailable(await send(signed));
    await cut;
    const key = signed.body.data['publicKey'] as string;
    const data = { publicKey: key, role: 'worker', officer: 'worker-1' };
    const second = await world.client.build({ type: 'EnrollKey', data }, [root]);
    const refused = await until('an answer', async () => {
      const answer = await send(second);
      return answer.status === 503 ? undefined : answer;
    });
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'key_already_enrolled', final: true });
    expect(await sendUntilAccepted(signed)).toMatchObject({ repeated: true });
  });

  it('is 503 for all who wait while it crashes, and after its return each command is recorded once', async () => {
    const commands = await Promise.all(Array.from({ length: 64 }, enrolment));
    const crashed = crashDatabase();
    const answers = await Promise.all(commands.map(send));
    await crashed;
    for (const answer of answers.filter(({ status }) => status !== 200)) expectUnavailable(answer);
    const late = await enrolment();
    expectUnavailable(await send(late));
    postgres = await startDatabase();
    for (const signed of [...commands, late]) await sendUntilAccepted(signed);
  });

  it('is 503 also for those who read, and for those who ask whether it is ready', async () => {
    await crashDatabase();
    try {
      expect(await read(PATHS)).toEqual(PATHS.map(unavailable));
      expect((await fetch(new URL('/health', api.url))).status).toBe(200);
    } finally {
      postgres = await startDatabase();
    }
  });

  it('is 503 when the database takes what is asked and says nothing at all', async () => {
    const signed = await enrolment();
    link.set('silent');
    try {
      // Longer than anything that was read before is taken for fresh.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const [frozen, seen] = await Promise.all([send(signed), read(PATHS)]);
      expectUnavailable(frozen);
      expect(seen).toEqual(PATHS.map(unavailable));
    } finally {
      link.set('open');
    }
    expect(await sendUntilAccepted(signed)).toMatchObject({ status: 200 });
  });
});

describe('after all of this', () => {
  it('the background work goes on: everything is projected, and a checkpoint covers it', async () => {
    await sendUntilAccepted(await enrolment());
    const head = await until('policies and projector', async () => {
      const ready = await readiness(world);
      return ready.policyLag === 0 && ready.projectorLag === 0 ? ready.head : undefined;
    });
    await until('a checkpoint', async () => {
      const response = await fetch(new URL('/log/checkpoint', api.url));
      return response.ok && Number((await response.text()).split('\n')[1]) >= head ? true : undefined;
    });
  });

  it('the log holds each acknowledged command once, whole and without a gap', async () => {
    const leaves = await readPublicLog(api.url, eventKey);
    expect(gapsIn(leaves)).toEqual([]);
    const [opening, ...others] = commandIdsIn(leaves);
    expect(opening).toBeDefined();
    expect([...others].sort()).toEqual([...acknowledged.keys()].sort());
    expect(acknowledged.size).toBeGreaterThan(64);
  });
});
