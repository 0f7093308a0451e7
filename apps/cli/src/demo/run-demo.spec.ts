import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sodiumSigner } from '@aidtrail/crypto-node';
import { createCosigner, createNoteSigner, formatVkey } from '@aidtrail/public-log';
import { runDemo } from './run-demo.js';
import type { DemoSummary } from './summary.js';

const THREE_MINUTES = 180_000;

const python = spawnSync('python3', ['-c', 'import cryptography']).status === 0;
if (!python) console.log('Skipped: checks in Python. They need python3 and python3-cryptography (Debian).');

function itWithPython(promise: string, test: () => Promise<void>): void {
  if (python) it(promise, test);
}

function checkLog(
  folder: string,
  policy = join(dirname(folder), 'log-policy.txt'),
): { readonly status: number | null; readonly output: string } {
  const checker = fileURLToPath(new URL('../../../../tools/check-log.py', import.meta.url));
  const { status, stdout } = spawnSync('python3', [checker, folder, '--policy', policy], { encoding: 'utf8' });
  return { status, output: stdout };
}

async function publishedSize(folder: string): Promise<number> {
  return Number((await readFile(join(folder, 'checkpoint'), 'utf8')).split('\n')[1]);
}

describe('the demo', () => {
  let home: string;
  let told = '';
  let summary: DemoSummary;
  let exitCode: number;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'aidtrail-demo-'));
    // Started by root, the database runs as another user, who has to get in.
    await chmod(home, 0o755);
    let json = '';
    exitCode = await runDemo({
      dataDirectory: join(home, 'demo'),
      port: 0,
      once: true,
      json: true,
      deterministic: false,
      output: { write: (text) => (json += text) },
      screen: { write: (text) => (told += text) },
      stop: new AbortController().signal,
    });
    if (exitCode !== 0) throw new Error(told);
    summary = JSON.parse(json) as DemoSummary;
  }, THREE_MINUTES);

  afterAll(() => rm(home, { recursive: true, force: true }));

  it('plays to the end, and all of its checks hold', () => {
    expect(exitCode).toBe(0);
    expect(summary.day).toBe('2026-06-10');
    expect(summary.invariants.length).toBeGreaterThan(5);
    expect(summary.invariants.filter(({ holds }) => !holds)).toEqual([]);
  });

  it('has the same totals in every run, to the fen', () => {
    expect({ ...summary.money, ...summary.counts }).toEqual({
      donations: 5_401,
      intakeMinor: 40_324_370,
      feeMinor: 1_209_731,
      issued: 830,
      issuedMinor: 34_200_000,
      claimed: 766,
      redemptions: 1_536,
      assistedRedemptions: 153,
      redeemedMinor: 24_271_018,
      outstandingMinor: 9_277_925,
      expiredMinor: 642_894,
      returnedMinor: 642_894,
      reissuedMinor: 600_000,
      recoveredMinor: 8_163,
      settledMinor: 24_271_018,
      paidMinor: 24_271_018,
      freeMinor: 5_565_696,
      feeUnspentMinor: 1_209_731,
      refusals: 15,
    });
  });

  it('shows where each fen of the company’s gift and of a 1-yuan gift is', () => {
    const { company, single } = summary.traces;
    expect(company.grossMinor).toBe(35_000_000);
    expect(company.feeMinor).toBe(1_050_000);
    expect(single.grossMinor).toBe(100);
    expect(single.feeMinor).toBe(3);
    // The fen of the small gift parted: some were spent at once, the rest came back and went out again.
    expect(single.batches).toHaveLength(2);
    expect(single.batches[0]?.returnedMinor).toBeGreaterThan(0);
    expect(single.batches.reduce((sum, batch) => sum + batch.redeemedMinor, 0)).toBe(97);
  });

  it('shows every refusal of the story, with its code', () => {
    for (const code of [
      'roster_has_problems',
      'roster_already_imported',
      'role_not_allowed',
      'maker_is_checker',
      'goods_denied',
      'second_signature_missing',
      'insufficient_balance',
      'consent_missing',
      'voucher_expired',
      'hold_window',
      'merchant_not_approved',
    ]) {
      expect(told).toContain(code);
    }
  });

  it('tells no identity number', () => {
    expect(told).not.toMatch(/4399\d{10}/);
  });

  describe('publishes a log', () => {
    const log = (): string => join(home, 'demo', 'log');

    it('of every event, before it ends, and a quorum of its witnesses has cosigned it', async () => {
      // The last figures may come after the summary.
      expect(await publishedSize(log())).toBeGreaterThanOrEqual(summary.logSize);
      const note = await readFile(join(log(), 'witnessed-checkpoint'), 'utf8');
      expect(Number(note.split('\n')[1])).toBeGreaterThanOrEqual(summary.logSize);
      const witnesses = note.split('\n').filter((line) => line.includes('.witness.example '));
      expect(witnesses.length).toBeGreaterThanOrEqual(2);
    });

    itWithPython('that a checker in another language, made from the format pages alone, finds clean', async () => {
      const leaves = await publishedSize(log());
      const { status, output } = checkLog(log());
      expect(output).toMatch(new RegExp(`^${leaves} leaves, \\d{5} signatures, 0 findings`));
      expect(output).toContain(`Witnessed up to ${leaves}`);
      expect(status).toBe(0);
    });

    itWithPython('that no policy with other witnesses, another leaf 0 or another log accepts', async () => {
      const [pin, own, ...rest] = (await readFile(join(home, 'demo', 'log-policy.txt'), 'utf8')).split('\n');
      const statusUnder = async (...lines: readonly (string | undefined)[]): Promise<number | null> => {
        const policy = join(home, 'other-policy.txt');
        await writeFile(policy, lines.join('\n'));
        return checkLog(log(), policy).status;
      };
      expect(await statusUnder(pin, own, ...rest)).toBe(0);
      expect(await statusUnder(`# aidtrail-leaf0 ${'A'.repeat(43)}=`, own, ...rest)).toBe(1);
      const other = sodiumSigner(new Uint8Array(32).fill(3));
      const stranger = formatVkey(createCosigner('north.witness.example', other).key);
      expect(await statusUnder(pin, own, `witness north ${stranger}`, 'quorum north', '')).toBe(1);
      const [origin] = (own ?? '').slice('log '.length).split('+');
      const forged = formatVkey(createNoteSigner(origin ?? '', other).key);
      expect(await statusUnder(pin, `log ${forged}`, ...rest)).toBe(1);
    });

    itWithPython('in which that checker finds any bit that is flipped', async () => {
      const upper = `tile/1/000.p/${Math.floor((await publishedSize(log())) / 256)}`;
      for (const file of [
        'checkpoint',
        'witnessed-checkpoint',
        'tile/0/010',
        upper,
        'tile/entries/003',
        'tile/entries/020',
      ]) {
        const path = join(log(), file);
        const bytes = await readFile(path);
        const altered = Buffer.from(bytes);
        altered[bytes.length >> 1] = (altered[bytes.length >> 1] as number) ^ 1;
        await writeFile(path, altered);
        expect([file, checkLog(log()).status]).toEqual([file, 1]);
        await writeFile(path, bytes);
      }
    });
  });

  it('refuses a folder that is no demo, without touching it', async () => {
    let said = '';
    const code = await runDemo({
      dataDirectory: home,
      port: 0,
      once: true,
      json: false,
      deterministic: false,
      output: { write: () => undefined },
      screen: { write: (text) => (said += text) },
      stop: new AbortController().signal,
    });
    expect(code).toBe(2);
    expect(said).toContain('something that is no demo ledger');
  });
});
