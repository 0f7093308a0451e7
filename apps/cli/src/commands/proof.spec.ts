import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { base64Encode, parseLeafOrThrow, sha256, signAnswer, utf8Encode } from '@aidtrail/envelope';
import { createLedgerHarness, type LedgerHarness } from '@aidtrail/testing/ledger';
import { publishLog, witnessesForSpecs, writePublishedLog } from '@aidtrail/testing/published-log';
import { leavesOf } from '@aidtrail/testing/reading';
import { claim, giveAndTransfer, issueBatch, openRelief, redemption } from '@aidtrail/testing/relief';
import { runProgram } from '../program.js';
import { partsOf } from '../proof/slip-page.js';

async function run(...args: readonly string[]) {
  const [out, notes]: [string[], string[]] = [[], []];
  const exitCode = await runProgram(args, {
    out: (text) => void out.push(text),
    note: (text) => void notes.push(text),
    isInteractive: false,
    progress: () => undefined,
    ask: () => Promise.resolve(undefined),
  });
  return { exitCode, out: out.join('\n'), notes: notes.join('\n') };
}

let directory: string;
let h: LedgerHarness;
let log: string;
let policy: string;
let redeemed: { readonly index: number; readonly id: string; readonly voucher: string };
let disclosures: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'proof-'));
  h = await createLedgerHarness();
  const relief = await openRelief(h);
  await giveAndTransfer(h, relief, [30_000]);
  const { voucherIds } = await issueBatch(h, relief, { count: 2, faceMinor: 5_000 });
  const voucher = voucherIds[0] as string;
  await h.accept(redemption(relief, voucher, 1_234), [relief.keys.till, await claim(h, relief, voucher)]);
  const leaves = await leavesOf(h.store);
  const { stored } = leaves.find(({ leaf }) => leaf.type === 'VoucherRedeemed') ?? {};
  if (stored === undefined) throw new Error('Nothing was redeemed.');
  redeemed = { index: stored.position, id: stored.id, voucher };
  disclosures = join(directory, 'disclosures.ndjson');
  await writeFile(
    disclosures,
    `${JSON.stringify({ index: stored.position, disclosures: await h.disclosuresOf(stored) })}\n`,
  );
  const published = publishLog(
    leaves.map(({ stored: { bytes } }) => bytes),
    { origin: h.origin, witnesses: witnessesForSpecs(3) },
  );
  ({ log, policy } = await writePublishedLog(directory, published));
});
afterAll(() => rm(directory, { recursive: true }));

let made = 0;
async function makeReceipt(...more: readonly string[]): Promise<string> {
  made += 1;
  const file = join(directory, `${made}.tlog-proof`);
  const { exitCode, notes } = await run(
    'proof',
    'make',
    ...['--log', log, '--policy', policy, '--index', String(redeemed.index), '--to', file],
    ...more,
  );
  expect({ exitCode, notes }).toEqual({ exitCode: 0, notes: '' });
  return file;
}

describe('a folder that is no log, and a place beyond its end', () => {
  it.each([
    ['tile', '0', 'There is no checkpoint'],
    ['.', '999999', 'No witnessed checkpoint covers index 999999 yet'],
  ])('%s, index %s: nothing is said of whether the event was accepted', async (where, index, says) => {
    const args = ['--policy', policy, '--log', join(log, where), '--index', index, '--to', join(directory, 'never')];
    const { exitCode, notes } = await run('proof', 'make', ...args);
    expect([exitCode, notes]).toEqual([1, expect.stringContaining(says)]);
    expect(notes).not.toContain('is accepted, not');
  });
});

describe('aidtrail proof', () => {
  it('makes a receipt that is checked with the policy alone', async () => {
    const file = await makeReceipt();
    const { exitCode, out } = await run('proof', 'check', file, '--policy', policy);
    expect(exitCode).toBe(0);
    expect(out).toContain('stands in the log that its witnesses saw');
    expect(out).toContain('"amountMinor":1234');
    expect(out).toContain('witnessed by  witness-1');
    expect(out).not.toContain('shown');
  });

  it('finds the event by its id', async () => {
    const file = join(directory, 'by-id.tlog-proof');
    const options = ['--log', log, '--policy', policy, '--event', redeemed.id, '--to', file, '--json'];
    const { exitCode, out } = await run('proof', 'make', ...options);
    expect({ exitCode, ...(JSON.parse(out) as object) }).toMatchObject({ exitCode: 0, index: redeemed.index });
    const unknown = await run('proof', 'make', ...options.with(5, '3f2b6c1e-9d4a-4c7b-8a11-5e0d2f6b7c88'));
    expect(unknown).toMatchObject({ exitCode: 1, notes: expect.stringContaining('wait for the next slot') });
  });

  it('shows the private fields that were asked for, and no others', async () => {
    const file = await makeReceipt('--disclosures', disclosures, '--show', 'basket');
    const { out } = await run('proof', 'check', file, '--policy', policy, '--json');
    const { disclosed } = JSON.parse(out) as { readonly disclosed: object };
    expect(Object.keys(disclosed)).toEqual(['basket']);
    const options = ['--log', log, '--policy', policy, '--index', '3', '--to', join(directory, 'none')];
    const foreign = await run('proof', 'make', ...options, '--disclosures', disclosures, '--show', 'basket');
    expect(foreign).toMatchObject({ exitCode: 2, notes: expect.stringContaining('discloses no field basket') });
  });

  it('says in a sentence why a file proves nothing, with exit code 1', async () => {
    const file = await makeReceipt();
    const text = await readFile(file, 'utf8');
    const lines = text.trimEnd().split('\n');
    const cases = [
      [text.replace(/^index .*$/m, 'index 0'), 'does not stand where it says'],
      [`${lines.slice(0, -1).join('\n')}\n`, 'too few of the policy’s witnesses'],
      ['hello', 'no empty line before the checkpoint'],
    ] as const;
    for (const [content, why] of cases) {
      const bad = join(directory, 'bad.tlog-proof');
      await writeFile(bad, content);
      expect(await run('proof', 'check', bad, '--policy', policy)).toMatchObject({
        exitCode: 1,
        notes: expect.stringContaining(why),
      });
    }
  });

  it('never writes over a file, and says what is missing', async () => {
    const file = await makeReceipt();
    const before = await stat(file);
    const options = ['--log', log, '--policy', policy, '--to', file];
    const again = await run('proof', 'make', ...options, '--index', '1');
    expect(again).toMatchObject({ exitCode: 2, notes: expect.stringContaining('is there already') });
    expect((await stat(file)).mtimeMs).toBe(before.mtimeMs);
    expect(await run('proof', 'make', ...options)).toMatchObject({
      notes: expect.stringContaining('--index or --event'),
    });
    expect(await run('proof', 'check', file, '--policy', file)).toMatchObject({
      exitCode: 2,
      notes: expect.stringContaining('no policy file'),
    });
  });
});

describe('a slip', () => {
  it('is a page without scripts, in which nothing private stands', async () => {
    const page = join(directory, 'slips.html');
    const file = await makeReceipt();
    const options = ['--policy', policy, '--url', 'https://ledger.example/check', '--parts', '--to', page];
    expect(await run('proof', 'slip', file, ...options)).toMatchObject({ exitCode: 0 });
    const html = await readFile(page, 'utf8');
    expect(html).toContain('12.34 元');
    expect(html).not.toMatch(/<script|src=|http:\/\/(?!www\.w3\.org)/);
    expect(html.match(/<svg/g)).toHaveLength(1 + partsOf(await readFile(file)).length);
  });

  it('can be looked up in the log by what its code says', async () => {
    const leafHash = sha256(Uint8Array.of(0, ...(await leavesOf(h.store))[redeemed.index]!.stored.bytes));
    const slip = (hash: Uint8Array, origin = h.origin): string =>
      `https://ledger.example/check#aidtrail-slip/1?log=${encodeURIComponent(origin)}&index=${redeemed.index}&leaf=${base64url(hash)}`;
    const look = (text: string) => run('proof', 'check-slip', text, '--log', log, '--policy', policy);
    expect(await look(slip(leafHash))).toMatchObject({ exitCode: 0, out: expect.stringContaining('is right') });
    expect(await look(slip(sha256(leafHash)))).toMatchObject({
      exitCode: 1,
      notes: expect.stringContaining('another event'),
    });
    expect(await look(slip(leafHash, 'x.example/y'))).toMatchObject({
      exitCode: 1,
      notes: expect.stringContaining('another log'),
    });
    expect(await look('hello')).toMatchObject({
      exitCode: 1,
      notes: expect.stringContaining('scan its QR code again'),
    });
  });

  it('gives the receipt back from its scanned codes', async () => {
    const file = await makeReceipt();
    const scanned = join(directory, 'scanned.txt');
    const joined = join(directory, 'joined.tlog-proof');
    await writeFile(
      scanned,
      `${partsOf(await readFile(file))
        .toReversed()
        .join('\r\n')}\n`,
    );
    expect(await run('proof', 'join', scanned, '--to', joined)).toMatchObject({ exitCode: 0 });
    expect(await readFile(joined)).toEqual(await readFile(file));
  });
});

describe('an answer of the ledger', () => {
  it('is held against the log', async () => {
    const { leaf, stored } = (await leavesOf(h.store))[redeemed.index]!;
    const bodyHash = base64Encode(sha256(utf8Encode('body')));
    const head = { v: 1, log: h.origin, command: redeemed.id, bodyHash } as const;
    const { command } = parseLeafOrThrow(stored.bytes);
    const id = 'body' in command ? command.body.id : '';
    const judge = async (answer: Uint8Array) => {
      const file = join(directory, 'answer.json');
      await writeFile(file, answer);
      return run('proof', 'answer', file, '--log', log, '--policy', policy);
    };
    const leafHash = base64Encode(sha256(Uint8Array.of(0, ...stored.bytes)));
    const accepted = { leafHash, event: leaf.id, publishBy: '2026-06-02T16:00:02Z' };
    const confirmed = signAnswer({ ...head, command: id, accepted }, h.eventSigner);
    expect(await judge(confirmed)).toMatchObject({ exitCode: 0, out: expect.stringContaining('Kept') });
    const refused = signAnswer({ ...head, command: id, refused: { code: 'voucher_expired' } }, h.eventSigner);
    expect(await judge(refused)).toMatchObject({ exitCode: 1, notes: expect.stringContaining('broke its word') });
    expect(await judge(utf8Encode('{}'))).toMatchObject({ exitCode: 1 });
    const proof = join(directory, 'fraud-proof.json');
    const answer = join(directory, 'answer.json');
    await writeFile(answer, refused);
    const options = ['--log', log, '--policy', policy];
    const written = await run('proof', 'answer', answer, ...options, '--fraud-proof', proof, '--json');
    expect({ ...written, out: JSON.parse(written.out) as unknown }).toMatchObject({
      exitCode: 1,
      out: { verdict: 'broken', kind: 'refused_but_logged' },
    });
    expect(await run('proof', 'answer', proof, ...options)).toMatchObject({ exitCode: 1 });
  });

  it('is held against another one to the same command', async () => {
    const bodyHash = base64Encode(sha256(utf8Encode('body')));
    const command = '3f2b6c1e-9d4a-4c7b-8a11-5e0d2f6b7c88';
    const head = { v: 1, log: h.origin, command, bodyHash } as const;
    const accepted = { leafHash: bodyHash, event: redeemed.id, publishBy: '2026-06-02T16:00:02Z' };
    const [yes, no, evidence] = ['yes.json', 'no.json', 'two-answers.json'].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(yes, signAnswer({ ...head, accepted }, h.eventSigner));
    await writeFile(no, signAnswer({ ...head, refused: { code: 'voucher_expired' } }, h.eventSigner));
    const options = ['--log', log, '--policy', policy];
    expect(await run('proof', 'compare', yes, yes, ...options)).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('do not contradict'),
    });
    expect(await run('proof', 'compare', yes, no, ...options, '--fraud-proof', evidence)).toMatchObject({
      exitCode: 1,
      notes: expect.stringContaining('two_answers'),
    });
    expect(await run('audit', '--check-fraud-proof', evidence, '--policy', policy)).toMatchObject({ exitCode: 0 });
  });
});

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
