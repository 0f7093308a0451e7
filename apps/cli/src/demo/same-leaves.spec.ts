import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { forkKurrentServer, type KurrentServerProcess } from '@aidtrail/testing/kurrentdb';
import { killRemaining, runToEnd, runWith, temporaryFolder, type Finished } from '../faults/program.testing.js';
import type { DemoSummary } from './summary.js';

const ORIGIN = 'ledger.aidtrail.example/demo-with-known-keys';
const FIVE_MINUTES = 300_000;

const home = await temporaryFolder();
let kurrent: KurrentServerProcess;
let onPostgres: Finished;
let onKurrent: Finished;

const play = (folder: string, environment: NodeJS.ProcessEnv): Promise<Finished> => {
  const data = join(home.path, folder);
  const options = ['--once', '--small', '--deterministic', '--json', '--port', '0', '--data', data];
  return runWith(environment, 'demo', ...options);
};
const summaryOf = ({ exitCode, notes, output }: Finished): DemoSummary => {
  if (exitCode !== 0) throw new Error(notes);
  return JSON.parse(output) as DemoSummary;
};
const logOf = (folder: string): string => join(home.path, folder, 'log');
/** What the ledger signs and its signature; cosignatures of witnesses, which tell their time, follow. */
const checkpointIn = async (folder: string): Promise<readonly string[]> =>
  (await readFile(join(logOf(folder), 'checkpoint'), 'utf8')).split('\n').slice(0, 5);

async function filesIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const tiles = join(logOf(folder), 'tile');
  const entries = await readdir(tiles, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ name, parentPath }) => join(parentPath, name));
  const contents = await Promise.all(paths.sort().map((path) => readFile(path, 'base64')));
  return new Map(paths.map((path, i) => [path.slice(tiles.length), contents[i] as string]));
}

beforeAll(async () => {
  kurrent = await forkKurrentServer();
  const store = { AIDTRAIL_STORE: kurrent.connectionString };
  [onPostgres, onKurrent] = await Promise.all([play('postgres', {}), play('kurrentdb', store)]);
}, FIVE_MINUTES);

afterAll(async () => {
  await killRemaining();
  await kurrent.stop();
  await home.remove();
});

describe('a deterministic demo on PostgreSQL and another on KurrentDB', () => {
  it('play the same story to its end, and all of their checks hold', () => {
    const { invariants, ...summary } = summaryOf(onPostgres);
    expect(invariants.filter(({ holds }) => !holds)).toEqual([]);
    expect(summary.origin).toBe(ORIGIN);
    expect(summary.logSize).toBeGreaterThan(1_500);
    expect(summaryOf(onKurrent)).toEqual({ invariants, ...summary });
  });

  it('have the same leaves in the same order, to the byte: one size, one root, one signature', async () => {
    const [origin, size, root, ...rest] = await checkpointIn('postgres');
    expect(origin).toBe(ORIGIN);
    expect(Number(size)).toBe(summaryOf(onPostgres).logSize);
    expect(root).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(await checkpointIn('kurrentdb')).toEqual([origin, size, root, ...rest]);
    const files = await filesIn('postgres');
    expect(files.size).toBeGreaterThan(10);
    expect(await filesIn('kurrentdb')).toEqual(files);
  });

  it('both pass the audit', async () => {
    for (const folder of ['postgres', 'kurrentdb']) {
      const policy = join(home.path, folder, 'log-policy.txt');
      const audit = await runToEnd('audit', '--log', logOf(folder), '--policy', policy);
      expect(audit).toMatchObject({ exitCode: 0, notes: '' });
    }
  }, 60_000);

  it('say beside the keys that everybody knows them', async () => {
    const note = await readFile(join(home.path, 'postgres', 'keys', 'KNOWN-TO-EVERYBODY.txt'), 'utf8');
    expect(note).toContain('proves nothing');
  });

  it('do not begin in a store that holds events', async () => {
    const again = await play('another', { AIDTRAIL_STORE: kurrent.connectionString });
    expect(again).toMatchObject({ exitCode: 2, output: '' });
    expect(again.notes).toContain('The store holds events');
  }, 60_000);
});
