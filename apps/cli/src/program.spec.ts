import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseRoster } from '@aidtrail/privacy';
import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import { runProgram, type ExitCode } from './program.js';
import type { Terminal } from './terminal.js';
import { verbs } from './verbs.js';

interface Run {
  readonly exitCode: ExitCode;
  readonly out: string;
  readonly notes: string;
}

const run = (...args: readonly string[]): Promise<Run> => runAnswering(() => undefined, args);

const silentTerminal: Terminal = {
  out: () => undefined,
  note: () => undefined,
  isInteractive: false,
  progress: () => undefined,
  ask: () => Promise.resolve(undefined),
};

async function runAnswering(answer: (shown: string) => string | undefined, args: readonly string[]): Promise<Run> {
  const out: string[] = [];
  const notes: string[] = [];
  const exitCode = await runProgram(args, {
    ...silentTerminal,
    out: (text) => void out.push(text),
    note: (text) => void notes.push(text),
    ask: () => Promise.resolve(answer(out.join('\n'))),
  });
  return { exitCode, out: out.join('\n'), notes: notes.join('\n') };
}

describe('the aidtrail program', () => {
  let directory: string;
  let database: TestDatabase;
  const formerUrl = process.env['DATABASE_URL'];
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cli-'));
    database = await testDatabase();
    process.env['DATABASE_URL'] = database.connectionString;
  });
  afterAll(async () => {
    if (formerUrl === undefined) delete process.env['DATABASE_URL'];
    else process.env['DATABASE_URL'] = formerUrl;
    await database.drop();
    await rm(directory, { recursive: true });
  });
  const path = (name: string) => join(directory, name);

  it('explains each command, and ends with 2 when it is asked for something else', async () => {
    const help = await run('--help');
    expect(help.exitCode).toBe(0);
    for (const verb of ['init', 'serve', 'demo', 'import', 'rebuild', 'store', 'keys']) {
      expect(help.out).toContain(verb);
      expect((await run(verb, '--help')).exitCode).toBe(0);
    }
    expect(await run('fly')).toMatchObject({ exitCode: 2 });
    expect(await run('serve', '--port', 'x')).toMatchObject({
      exitCode: 2,
      notes: expect.stringContaining('0 to 65535'),
    });
  });

  it('knows each verb by its own name', async () => {
    for (const [verb, load] of Object.entries(verbs)) {
      const make = await load();
      expect(make(silentTerminal).name()).toBe(verb);
    }
  });

  it('ends where no data directory can be made', async () => {
    expect(await run('init', '--data', '/proc/aidtrail/data')).toMatchObject({
      exitCode: 2,
      notes: expect.stringContaining('/proc/aidtrail'),
    });
  });

  it('makes a key file that only its owner may read, shows its public part, and replaces nothing', async () => {
    const made = await run('keys', 'new', path('root-a.key'), '--json');
    expect(made.exitCode).toBe(0);
    expect((await stat(path('root-a.key'))).mode & 0o777).toBe(0o600);
    expect(JSON.parse((await run('keys', 'show', path('root-a.key'), '--json')).out)).toEqual(JSON.parse(made.out));
    const again = await run('keys', 'new', path('root-a.key'));
    expect(again).toMatchObject({ exitCode: 2, notes: expect.stringContaining('exists') });
  });

  it('opens a ledger in steps when the root keys come from outside, and rebuilds its read models', async () => {
    const data = path('ledger');
    const shown = await Promise.all(
      ['root-b.key', 'root-c.key'].map(async (name) => (await run('keys', 'new', path(name), '--json')).out),
    );
    const [first, second] = shown.map((text) => (JSON.parse(text) as { publicKey: string }).publicKey);
    const asked = ['init', '--data', data, '--root', first as string];
    expect(await run(...asked)).toMatchObject({ exitCode: 2, notes: expect.stringContaining('--root twice') });
    expect(await run(...asked, '--root', second as string)).toMatchObject({
      exitCode: 2,
      notes: expect.stringContaining('--origin'),
    });
    const started = await run(...asked, '--root', second as string, '--origin', 'ledger.example/cli', '--json');
    const { openingFile } = JSON.parse(started.out) as { openingFile: string };
    expect(JSON.parse(started.out)).toMatchObject({ status: 'signatures_needed' });

    const tooEarly = await run('init', '--data', data, '--complete', openingFile);
    expect(tooEarly).toMatchObject({ exitCode: 2, notes: expect.stringContaining('root-1, root-2') });
    const served = await run('serve', '--data', data);
    expect(served).toMatchObject({ exitCode: 2, notes: expect.stringContaining('waits for the signature of: root-1') });
    const sign = (key: string, ...more: readonly string[]) => ['keys', 'sign-opening', '--key', path(key), openingFile, ...more]; // prettier-ignore
    const unsigned = await readFile(openingFile, 'utf8');
    expect(await run(...sign('root-b.key'))).toMatchObject({ exitCode: 2, notes: expect.stringContaining('--yes') });
    expect(await runAnswering(() => 'no', sign('root-b.key'))).toMatchObject({ exitCode: 1 });
    expect(await readFile(openingFile, 'utf8')).toBe(unsigned);
    let terms = '';
    const signed = await runAnswering((text) => ((terms = text), 'yes'), sign('root-b.key'));
    for (const term of ['ledger.example/cli', 'CNY', 'UTC+08:00', 'a real ledger', first, second]) {
      expect(terms).toContain(term);
    }
    expect(terms).toMatch(/^root-1 .*you\)$/m);
    expect(signed.out).toContain('Still to sign: root-2');
    const foreign = await run(...sign('root-a.key', '--yes'));
    expect(foreign).toMatchObject({ exitCode: 2, notes: expect.stringContaining('none of the roots') });
    await run(...sign('root-c.key', '--yes'));
    const opened = await run('init', '--data', data, '--complete', openingFile, '--json');
    expect(JSON.parse(opened.out)).toMatchObject({ status: 'opened', origin: 'ledger.example/cli', demo: false });
    expect(await run('init', '--data', data, '--complete', openingFile)).toMatchObject({ exitCode: 2 });

    const rebuilt = await run('rebuild', '--data', data, '--json');
    expect(JSON.parse(rebuilt.out)).toEqual({ position: 1, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect((await run('rebuild', '--data', data, '--json')).out).toBe(rebuilt.out);
  });

  it('serves, and says so in one line of JSON where that is asked for', async () => {
    process.env['AIDTRAIL_LOG_LEVEL'] = 'silent';
    const lines: unknown[] = [];
    const exitCode = await runProgram(['serve', '--data', path('ledger'), '--port', '0', '--json'], {
      out: (text) => {
        lines.push(JSON.parse(text));
        process.emit('SIGTERM');
      },
      note: (text) => void lines.push(text),
      isInteractive: false,
      progress: () => undefined,
      ask: () => Promise.resolve(undefined),
    });
    delete process.env['AIDTRAIL_LOG_LEVEL'];
    expect(exitCode).toBe(0);
    expect(lines).toEqual([
      { status: 'serving', origin: 'ledger.example/cli', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) },
    ]);
  });

  it('says how to begin where there is no ledger, and which settings are wrong', async () => {
    const serve = await run('serve', '--data', path('nowhere'));
    expect(serve).toMatchObject({ exitCode: 2, notes: expect.stringContaining('aidtrail init') });
    process.env['AIDTRAIL_WORKERS'] = 'many';
    const wrong = await run('serve', '--data', path('nowhere'));
    delete process.env['AIDTRAIL_WORKERS'];
    expect(wrong).toMatchObject({ exitCode: 2, notes: expect.stringContaining('AIDTRAIL_WORKERS') });
  });

  it('ends where no directory can be made, and says it in words', async () => {
    await writeFile(path('a-file'), '');
    for (const data of ['/proc/aidtrail', join(path('a-file'), 'data'), path('a-file')]) {
      const init = await run('init', '--data', data);
      expect(init.exitCode).toBe(2);
      expect(init.notes).toContain(data.startsWith('/proc') ? '/proc' : path('a-file'));
      expect(init.notes).not.toMatch(/E[A-Z]{4,}|Error|^[A-Z]\w+Problem:/);
    }
    const sign = await run('keys', 'sign-opening', '--key', path('root-a.key'), path('no-opening.json'));
    expect(sign).toMatchObject({ exitCode: 2, notes: expect.stringContaining(path('no-opening.json')) });
    expect(sign.notes).not.toMatch(/ENOENT|Error/);
  });

  it('says in words what is wrong with a path', async () => {
    await writeFile(path('file.txt'), '');
    const missing = expect.stringMatching(/^There is no \S+, or nothing can be made there\. Check the path\.$/);
    const through = expect.stringMatching(
      /^A part of \S*file\.txt\S* is a file where a directory is needed\. Check the path\.$/,
    );
    expect(await run('keys', 'new', path('no/where.key'))).toMatchObject({ exitCode: 2, notes: missing });
    expect(await run('init', '--complete', path('none.json'))).toMatchObject({ exitCode: 2, notes: missing });
    expect(await run('serve', '--data', path('file.txt'))).toMatchObject({ exitCode: 2, notes: through });
    expect(await run('demo', '--data', path('file.txt'))).toMatchObject({ exitCode: 2, notes: through });
    const rotation = await run('keys', 'rotate-event-key', '--data', path('nowhere'));
    expect(rotation).toMatchObject({ exitCode: 2, notes: expect.stringContaining('There is no ledger in') });
  });

  it('checks a roster without a server and prints lines and columns, never what stands there', async () => {
    await writeFile(path('bad.csv'), '姓名,身份证号,类别,社区\n王小明,123456,老人,东村\n');
    const bad = await run('import', 'roster', path('bad.csv'));
    expect(bad.exitCode).toBe(1);
    expect(bad.out).toMatch(/^2 .*id_malformed/m);
    expect(bad.out + bad.notes).not.toMatch(/王小明|123456/);
    await writeFile(path('good.csv'), '姓名,身份证号,类别,社区\n王小明,11010519491231002X,老人,东村\n');
    const good = await run('import', 'roster', path('good.csv'), '--json');
    expect(good.exitCode).toBe(0);
    expect(JSON.parse(good.out)).toEqual({ status: 'checked', rowCount: 1, problems: [] });
    expect(await run('import', 'roster', path('good.csv'), '--commit')).toMatchObject({ exitCode: 2 });
    expect(await run('import', 'roster', path('missing.csv'))).toMatchObject({ exitCode: 2 });
  });

  it('finds in the example of the documentation what stands there, and knows every column that is listed', async () => {
    const text = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
    const [, section = ''] = text.split('## Bringing in a roster');
    await writeFile(path('example.csv'), /```csv\n(.*?)```/s.exec(section)?.[1] ?? '');
    const { out } = await run('import', 'roster', path('example.csv'));
    const shown = /```text\n(.*?)```/s.exec(section)?.[1] ?? '';
    const [header, ...lines] = shown
      .trim()
      .split('\n')
      .map((line) => line.trim().split('…')[0] ?? '');
    expect(out.split('\n')[0]).toBe(header);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(out).toContain(line);

    const names = [...section.matchAll(/^\| (`.*?`) +\|/gm)].map(([, cell = '']) => cell.split(' / '));
    for (const language of [0, 1]) {
      const columns = names.flatMap((cell) => [...(cell[language] ?? '').matchAll(/`(.+?)`/g)].map(([, name]) => name));
      expect(columns).toHaveLength(11);
      const parsed = parseRoster(new TextEncoder().encode(columns.join(',')), { today: '2026-11-23' });
      expect(parsed.dialect?.ignoredColumns).toEqual([]);
      expect(Object.keys(parsed.dialect?.columns ?? {})).toHaveLength(11);
    }
  });
});
