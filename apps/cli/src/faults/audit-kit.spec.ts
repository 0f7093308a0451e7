import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publishLog, witnessesForSpecs, writePublishedLog, type PublishedLog } from '@aidtrail/testing/published-log';
import { Audits, liveLog } from './audited-log.testing.js';
import { killRemaining, runToEnd, temporaryFolder } from './program.testing.js';

const run = promisify(execFile);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let audits: Audits;
let honest: PublishedLog;
let place: { readonly log: string; readonly policy: string };
let archive: string;
let unpacked: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  audits = await Audits.begin();
  const { origin, leaves } = await liveLog();
  honest = publishLog(leaves, { origin, witnesses: witnessesForSpecs(2) });
  place = await writePublishedLog(join(folder.path, 'published'), honest);
  archive = join(folder.path, 'kit.tar.gz');
  const made = await pack(archive);
  expect(made).toMatchObject({ exitCode: 0, notes: '' });
  unpacked = join(folder.path, 'elsewhere');
  await mkdir(unpacked);
  await run('tar', ['-xzf', archive, '-C', unpacked]);
});
afterAll(async () => {
  await killRemaining();
  await audits.end();
  await folder.remove();
});

const pack = (to: string) => runToEnd('audit-kit', '--log', place.log, '--policy', place.policy, '--to', to);

/** With nothing of ours around it: another folder, an empty environment. */
async function runKit(...args: readonly string[]): Promise<{ readonly exitCode: number; readonly output: string }> {
  try {
    const { stdout } = await run(process.execPath, ['audit.mjs', ...args], { cwd: unpacked, env: {} });
    return { exitCode: 0, output: stdout };
  } catch (fault) {
    const { code, stdout } = fault as { readonly code: number; readonly stdout: string };
    return { exitCode: code, output: stdout };
  }
}

describe('an audit kit', () => {
  it('holds the log, the policy, the verifier in one file, and how to, in two languages', async () => {
    expect((await readdir(unpacked)).sort()).toEqual([
      ...['README.md', 'README.zh-CN.md', 'audit.mjs', 'log', 'log-policy.txt'],
    ]);
    for (const [path, bytes] of honest.files)
      expect([path, new Uint8Array(await readFile(join(unpacked, 'log', path)))]).toEqual([path, bytes]);
  });

  it('gives the report of the program itself, with nothing but Node.js', async () => {
    const { output, exitCode } = await runKit('--json');
    const { report } = await audits.of(honest);
    expect([exitCode, JSON.parse(output)]).toEqual([0, report]);
    expect((await runKit()).output).toBe(await audits.textOf(honest));
  });

  it('finds what was changed, with the exit status of the program', async () => {
    const path = join(unpacked, 'log', 'tile', '0', '000');
    const bytes = await readFile(path);
    await writeFile(
      path,
      Uint8Array.from(bytes, (byte, i) => (i === 40 ? byte ^ 1 : byte)),
    );
    const { output, exitCode } = await runKit('--json');
    expect([exitCode, JSON.parse(output)]).toMatchObject([1, { findings: [{ code: 'tile_differs', leaf: 1 }] }]);
    await writeFile(path, bytes);
    expect(await runKit('--policy', 'nowhere')).toMatchObject({ exitCode: 2 });
    expect(await runKit('--fly')).toMatchObject({ exitCode: 2 });
  });

  it('can itself be audited as an archive, and is the same whenever it is made', async () => {
    const { exitCode, output } = await runToEnd('audit', '--log', archive, '--policy', place.policy, '--json');
    expect([exitCode, (JSON.parse(output) as { readonly result: string }).result]).toEqual([0, 'clean']);
    const again = join(folder.path, 'again.tar.gz');
    await pack(again);
    expect(await readFile(again)).toEqual(await readFile(archive));
  });

  it('replaces nothing, and is not made of a log that nobody signed', async () => {
    expect(await pack(archive)).toMatchObject({ exitCode: 2, notes: expect.stringContaining('there already') });
    const files = new Map(honest.files);
    files.delete('checkpoint');
    const unsigned = await writePublishedLog(join(folder.path, 'unsigned'), { ...honest, files });
    const to = join(folder.path, 'no.tar.gz');
    expect(await runToEnd('audit-kit', '--log', unsigned.log, '--policy', unsigned.policy, '--to', to)).toMatchObject({
      exitCode: 2,
    });
    await expect(stat(to)).rejects.toThrow('ENOENT');
  });
});

describe('a sample', () => {
  it('is the same from the kit and from the program, and says what it proves', async () => {
    const args = ['audit', '--log', place.log, '--policy', place.policy, '--sample', '2'];
    const { output, exitCode } = await runToEnd(...args);
    expect(exitCode).toBe(0);
    expect(output).toContain('2 redemptions out of 5');
    expect(output).toContain('at most 3 of the 5');
    expect(output).toContain('nobody knew it before the witnesses had signed');
    expect((await runKit('--sample', '2')).output).toBe(output);
    const all = JSON.parse((await runToEnd(...args.with(-1, '9'), '--json')).output) as {
      readonly drawn: readonly { readonly leaf: number; readonly stream: string }[];
    };
    expect(new Set(all.drawn.map(({ leaf }) => leaf)).size).toBe(5);
    expect(all.drawn.every(({ stream }) => stream.startsWith('voucher-'))).toBe(true);
  });

  it('says that the operator could have steered it where no witness has signed', async () => {
    const { files } = publishLog([...honestLeaves()], { origin: originOf(honest) });
    const bare = await writePublishedLog(join(folder.path, 'bare'), { files, policy: withoutWitnesses(honest.policy) });
    const { output } = await runToEnd('audit', '--log', bare.log, '--policy', bare.policy, '--sample', '2');
    expect(output).toContain('NOT witnessed');
  });

  it('is of what was asked for', async () => {
    const args = ['audit', '--log', place.log, '--policy', place.policy, '--sample', '3', '--of'];
    expect((await runToEnd(...args, 'vouchers')).output).toContain('3 vouchers out of 250');
    expect(await runToEnd(...args, 'people')).toMatchObject({ exitCode: 2 });
  });
});

const originOf = (log: PublishedLog): string => log.checkpoint.split('\n')[0] ?? '';
const withoutWitnesses = (policy: string): string =>
  `${policy.split('\n')[0] ?? ''}\nquorum none\n${policy.split('\n').at(-2) ?? ''}\n`;

function* honestLeaves(): Iterable<Uint8Array> {
  for (const path of ['tile/entries/000', ...[...honest.files.keys()].filter((name) => name.includes('entries/001'))]) {
    const bundle = honest.files.get(path) ?? new Uint8Array();
    for (let at = 0; at < bundle.length;) {
      const length = (bundle[at] as number) * 256 + (bundle[at + 1] as number);
      yield bundle.subarray(at + 2, at + 2 + length);
      at += 2 + length;
    }
  }
}
