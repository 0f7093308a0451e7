import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { untilAtRest, untilPublished } from '../demo/reads.js';
import {
  freePort,
  initialiseLedger,
  killRemaining,
  runToEnd,
  serve,
  temporaryFolder,
  type OpenedLedger,
} from './program.testing.js';
import { openSmallRelief, silentWorld } from './small-relief.testing.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let opened: OpenedLedger;
let policy: string;
let file: string;
const purpose = 'Auditors of the year, by contract of 2 March';

beforeAll(async () => {
  folder = await temporaryFolder();
  opened = await initialiseLedger(join(folder.path, 'data'));
  const server = await serve({ dataDirectory: opened.dataDirectory, port: await freePort() });
  const world = silentWorld(server.url, 'export');
  await openSmallRelief(world, opened.roots, 10_000);
  // No vouchers yet, so that a slot publishes everything.
  await untilPublished(world, await untilAtRest(world));
  await server.stop();
  policy = join(folder.path, 'policy.txt');
  await writeFile(policy, `log ${opened.checkpointVkey}\nquorum none\n`);
  file = join(folder.path, 'disclosures.ndjson');
}, 180_000);
afterAll(async () => {
  await killRemaining();
  await folder.remove();
});

const exportTo = (to: string, why: string) =>
  runToEnd('export', 'disclosures', '--data', opened.dataDirectory, '--to', to, '--purpose', why, '--json');
const audit = async (...more: readonly string[]) => {
  const log = join(opened.dataDirectory, 'log');
  const { exitCode, output } = await runToEnd('audit', '--log', log, '--policy', policy, '--json', ...more);
  return { exitCode, report: JSON.parse(output) as { scope: string; findings: unknown[]; notChecked: object } };
};

describe('an operator who hands out disclosures', () => {
  it('writes a file for its owner’s eyes, and keeps on record who gets it and why', async () => {
    const { exitCode, output } = await exportTo(file, purpose);
    expect(exitCode).toBe(0);
    expect((JSON.parse(output) as { readonly events: number }).events).toBeGreaterThan(0);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const record = await readFile(join(opened.dataDirectory, 'disclosure-exports.ndjson'), 'utf8');
    expect(
      record
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([{ purpose, file }]);
  });

  it('replaces no file, and says why it is asked', async () => {
    expect(await exportTo(file, purpose)).toMatchObject({
      exitCode: 2,
      notes: expect.stringContaining('there already'),
    });
    expect(await exportTo(join(folder.path, 'other'), ' ')).toMatchObject({ exitCode: 2 });
    await expect(stat(join(folder.path, 'other'))).rejects.toThrow('ENOENT');
  });

  it('lets the auditor check the rules that need them, in the log of a real server', async () => {
    const without = await audit();
    expect([without.exitCode, without.report.scope, without.report.findings]).toEqual([0, 'public', []]);
    expect(without.report.notChecked).not.toEqual({});
    const given = await audit('--disclosures', file);
    expect([given.exitCode, given.report]).toMatchObject([0, { scope: 'disclosed', findings: [], notChecked: {} }]);
  });

  it('cannot hand out other disclosures than those of the log', async () => {
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    const swapped = lines.map((line, i) =>
      i === 0 ? line.replace(/\[.*\]/, /\[.*\]/.exec(lines[1] ?? '')?.[0] ?? '') : line,
    );
    const altered = join(folder.path, 'altered.ndjson');
    await writeFile(altered, `${swapped.join('\n')}\n`);
    const { exitCode, report } = await audit('--disclosures', altered);
    expect([exitCode, report.findings]).toMatchObject([1, [{ code: 'disclosure_mismatch' }]]);
  });
});
