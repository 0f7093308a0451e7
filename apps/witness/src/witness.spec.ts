import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sodiumSigner, sodiumVerifier } from '@aidtrail/crypto-node';
import {
  createCosigner,
  formatAddCheckpoint,
  formatNote,
  formatSignatureLine,
  formatVkey,
  openWitnessedCheckpointOrThrow,
  parseCosignature,
  parseNoteOrThrow,
  parsePolicyOrThrow,
  signCheckpoint,
  signNote,
} from '@aidtrail/public-log';
import { GrowingLog } from './growing-log.testing.js';
import { originHash, startWitness, type RunningWitness, type WitnessSetup } from './start-witness.js';

const NAME = 'example.org/witness';
const START = 1_780_000_000;

let folder: string;
let running: RunningWitness;
let now = START;
const told: Readonly<Record<string, string | number>>[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aidtrail-witness-'));
  now = START;
  told.length = 0;
});
afterEach(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(logs: readonly GrowingLog[], limits: WitnessSetup['limits'] = {}): Promise<void> {
  running = await startWitness({
    dataDirectory: folder,
    name: NAME,
    logVkeys: logs.map(({ vkey }) => vkey),
    host: '127.0.0.1',
    port: 0,
    clock: () => now * 1_000,
    tell: (line) => told.push(line),
    limits,
  });
}

interface Told {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
}

async function add(body: string | Uint8Array): Promise<Told> {
  const response = await fetch(`${running.url}/add-checkpoint`, { method: 'POST', body: body as string });
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
}

async function held(origin: string): Promise<string | undefined> {
  const response = await fetch(`${running.url}/${originHash(origin)}/checkpoint`);
  return response.status === 200 ? response.text() : undefined;
}

const statusOf = async (body: string): Promise<number> => (await add(body)).status;
const conflict = (size: number): Told => ({ status: 409, type: 'text/x.tlog.size', body: `${size}\n` });

/** What a client with this witness in its policy makes of a checkpoint and an answer. */
function witnessed(log: GrowingLog, note: string): { readonly size: number; readonly time: number | undefined } {
  const policy = parsePolicyOrThrow(`log ${log.vkey}\nwitness W ${running.vkey}\nquorum W\n`);
  const { checkpoint, cosignedBy } = openWitnessedCheckpointOrThrow(note, policy, sodiumVerifier);
  return { size: checkpoint.size, time: cosignedBy[0]?.time };
}

describe('a witness cosigns', () => {
  it('a log from its first checkpoint on, as long as it proves that it only grew', async () => {
    const log = new GrowingLog();
    await start([log]);
    for (const [oldSize, size] of [
      [0, 1],
      [1, 2],
      [2, 300],
      [300, 300],
      [300, 1_025],
    ] as const) {
      now += 10;
      const { status, body } = await add(log.request(oldSize, size));
      expect(status).toBe(200);
      expect(witnessed(log, log.checkpoint(size) + body)).toEqual({ size, time: now });
    }
  });

  it('the empty tree, and from it', async () => {
    const log = new GrowingLog();
    await start([log]);
    expect(await statusOf(log.request(0, 0))).toBe(200);
    expect(await statusOf(log.request(0, 5))).toBe(200);
  });

  it('two logs independently of each other', async () => {
    const [one, two] = [new GrowingLog('one.example', 'one'), new GrowingLog('two.example', 'two')];
    await start([one, two]);
    expect(await statusOf(one.request(0, 7))).toBe(200);
    expect(await statusOf(two.request(0, 3))).toBe(200);
    expect(await statusOf(one.request(7, 8))).toBe(200);
    expect(await statusOf(two.request(3, 4))).toBe(200);
  });

  it('a log that has two keys, under either', async () => {
    const [one, two] = [new GrowingLog('log.example'), new GrowingLog('log.example', 'event', 8)];
    await start([one, two]);
    expect(await statusOf(one.request(0, 7))).toBe(200);
    expect(await statusOf(two.request(7, 8))).toBe(200);
  });

  it('one of many checkpoints that are brought at once, and the others when they go on from it', async () => {
    const log = new GrowingLog();
    await start([log]);
    await add(log.request(0, 10));
    const sizes = Array.from({ length: 20 }, (_, i) => 11 + i);
    const answers = await Promise.all(sizes.map((size) => add(log.request(10, size))));
    const taken = sizes.filter((_, i) => answers[i]?.status === 200);
    expect(taken).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409).map(({ body }) => body)).toEqual(
      Array.from({ length: 19 }, () => `${taken[0]}\n`),
    );
  });

  it('again in the same second with the same line', async () => {
    const log = new GrowingLog();
    await start([log]);
    const { body } = await add(log.request(0, 4));
    expect((await add(log.request(4, 4))).body).toBe(body);
    now += 1;
    expect((await add(log.request(4, 4))).body).not.toBe(body);
  });
});

describe('a witness refuses', () => {
  it('with the size that it holds whatever does not go on from there: also at first, and also when asked with 0', async () => {
    const log = new GrowingLog();
    await start([log]);
    expect(await add(log.request(3, 5))).toEqual(conflict(0));
    await add(log.request(0, 5));
    expect(await add(log.request(0, 5))).toEqual(conflict(5));
    expect(await add(log.request(4, 9))).toEqual(conflict(5));
    expect(await add(log.request(6, 9))).toEqual(conflict(5));
    expect(await add(log.request(3, 4))).toEqual(conflict(5));
  });

  it('another tree of the same size, and another history, and says so in its log', async () => {
    const [log, twin] = [new GrowingLog(), new GrowingLog('log.example/relief', 'other')];
    await start([log]);
    await add(log.request(0, 5));
    expect(await statusOf(twin.request(5, 5))).toBe(422);
    expect(await statusOf(twin.request(5, 9))).toBe(422);
    expect(await statusOf(twin.request(5, 5))).toBe(422);
    // Whoever repeats a signed checkpoint with a wrong proof shows nothing of the log.
    expect(told).toEqual(
      Array.from({ length: 2 }, () => ({ event: 'log_contradicts_itself', origin: log.origin, size: 5 })),
    );
    expect(await statusOf(log.request(5, 9))).toBe(200);
  });

  it('and keeps the proof that a log has signed two trees, once', async () => {
    const [log, twin] = [new GrowingLog(), new GrowingLog('log.example/relief', 'other')];
    await start([log]);
    const { body } = await add(log.request(0, 5));
    await add(twin.request(5, 5));
    await add(twin.request(5, 5));
    const evidence = join(folder, 'evidence');
    let files: readonly string[] = [];
    while (files.length === 0) files = await readdir(evidence).catch(() => []);
    await running.close();
    expect(await readdir(evidence)).toHaveLength(1);
    const text = await readFile(join(evidence, files[0] ?? ''), 'utf8');
    expect(text).toBe(`${log.checkpoint(5)}${body}\n${twin.checkpoint(5)}`);
  });

  it('a proof that is missing, too long, of other sizes, or given where there is none', async () => {
    const log = new GrowingLog();
    await start([log]);
    const asked = (oldSize: number, size: number, proof: readonly Uint8Array[]): Promise<number> =>
      statusOf(formatAddCheckpoint({ oldSize, proof, checkpoint: log.checkpoint(size) }));
    expect(await asked(0, 5, [log.root(1)])).toBe(422);
    expect(await statusOf(log.request(0, 5))).toBe(200);
    expect(await asked(5, 9, [])).toBe(422);
    expect(await asked(5, 9, [...log.proof(5, 9), log.root(1)])).toBe(422);
    expect(await asked(5, 9, log.proof(4, 9))).toBe(422);
    expect(await asked(5, 5, [log.root(1)])).toBe(422);
    expect(await statusOf(log.request(5, 9))).toBe(200);
  });

  it('an empty tree with a root', async () => {
    const log = new GrowingLog();
    await start([log]);
    const checkpoint = signCheckpoint({ origin: log.origin, size: 0, root: log.root(1) }, log.signer);
    expect(await statusOf(formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint }))).toBe(422);
  });

  it('a log that it does not know, and one that has not signed', async () => {
    const log = new GrowingLog();
    await start([log]);
    expect(await statusOf(new GrowingLog('other.example').request(0, 5))).toBe(404);
    expect(await statusOf(new GrowingLog(log.origin, 'event', 8).request(0, 5))).toBe(403);
    // The log's own line, over another tree.
    const text = parseNoteOrThrow(log.checkpoint(6)).text;
    const { signatures } = parseNoteOrThrow(log.checkpoint(5));
    const checkpoint = formatNote({ text, signatures });
    expect(await statusOf(formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint }))).toBe(403);
    expect(await held(log.origin)).toBeUndefined();
  });

  it('an old size above the checkpoint, extension lines, and what is no request', async () => {
    const log = new GrowingLog();
    await start([log]);
    await add(log.request(0, 5));
    expect(await statusOf(log.request(0, 4).replace('old 0', 'old 5'))).toBe(400);
    const text = `${parseNoteOrThrow(log.checkpoint(6)).text}more\n`;
    const extended = signNote(text, [log.signer]);
    expect(await statusOf(formatAddCheckpoint({ oldSize: 5, proof: log.proof(5, 6), checkpoint: extended }))).toBe(400);
    for (const body of [
      '',
      'old 5\n',
      `old 05\n\n${log.checkpoint(5)}`,
      `old 5\n\n${log.checkpoint(5)}\n`,
      'old 5\n\n\n',
    ]) {
      expect([body, await statusOf(body)]).toEqual([body, 400]);
    }
    expect((await add(Uint8Array.of(0xff, 0xfe))).status).toBe(400);
    expect(await statusOf(log.request(5, 6))).toBe(200);
  });

  it('other methods and other paths', async () => {
    const log = new GrowingLog();
    await start([log]);
    await add(log.request(0, 5));
    const at = async (path: string, method: string): Promise<number> =>
      (await fetch(`${running.url}${path}`, { method })).status;
    expect(await at('/add-checkpoint', 'GET')).toBe(405);
    expect(await at('/add-checkpoint', 'PUT')).toBe(405);
    expect(await at(`/${originHash(log.origin)}/checkpoint`, 'POST')).toBe(405);
    for (const path of [
      '/',
      '/checkpoint',
      `/${originHash(log.origin).toUpperCase()}/checkpoint`,
      '/../state/cosigned-1.json',
    ])
      expect([path, await at(path, 'GET')]).toEqual([path, 404]);
  });
});

describe('what a witness holds', () => {
  it('is told to anybody: the log’s signature and its own, and nothing before the first', async () => {
    const log = new GrowingLog();
    await start([log]);
    expect(await held(log.origin)).toBeUndefined();
    const { body } = await add(log.request(0, 5));
    expect(await held(log.origin)).toBe(log.checkpoint(5) + body);
  });

  it('never has a line that a stranger wrote, not even under the witness’s own key', async () => {
    const log = new GrowingLog();
    await start([log]);
    const { body: own } = await add(log.request(0, 1));
    const [line] = parseNoteOrThrow(log.checkpoint(1) + own).signatures.slice(-1);
    const forged = formatSignatureLine({
      ...(line as NonNullable<typeof line>),
      signature: new Uint8Array(72).fill(9),
    });
    const other = createCosigner('stranger.example', sodiumSigner(new Uint8Array(32).fill(3)));
    const theirs = formatSignatureLine(other.cosign(parseNoteOrThrow(log.checkpoint(5)).text, START));
    const { status, body } = await add(log.request(1, 5) + forged + theirs);
    expect(status).toBe(200);
    expect(await held(log.origin)).toBe(log.checkpoint(5) + body);
    expect(await statusOf(log.request(5, 6))).toBe(200);
  });

  it('is the same after a restart, and so is its key', async () => {
    const log = new GrowingLog();
    await start([log]);
    const { vkey } = running;
    await add(log.request(0, 5));
    const before = await held(log.origin);
    await running.close();
    await start([log]);
    expect(running.vkey).toBe(vkey);
    expect(await held(log.origin)).toBe(before);
    expect(await add(log.request(0, 7))).toEqual(conflict(5));
  });

  it('stays with it while a log is not in its list', async () => {
    const [log, other] = [new GrowingLog(), new GrowingLog('other.example')];
    await start([log]);
    await add(log.request(0, 5));
    await running.close();
    await start([other]);
    await add(other.request(0, 2));
    await running.close();
    await start([log]);
    expect(await add(log.request(0, 7))).toEqual(conflict(5));
  });
});

describe('the clock of a witness', () => {
  const timeOf = ({ body }: Told): number | undefined => {
    const [line] = parseNoteOrThrow(`x\n\n${body}`).signatures;
    return line && parseCosignature(line.signature)?.time;
  };

  it('that goes back a little stands still: a larger tree never has an earlier time', async () => {
    const log = new GrowingLog();
    await start([log]);
    expect(timeOf(await add(log.request(0, 5)))).toBe(START);
    now = START - 50;
    expect(timeOf(await add(log.request(5, 6)))).toBe(START);
    now = START + 1;
    expect(timeOf(await add(log.request(6, 7)))).toBe(START + 1);
  });

  it('that goes back further cosigns nothing, also after a restart, until it is right', async () => {
    const log = new GrowingLog();
    await start([log]);
    await add(log.request(0, 5));
    now = START - 3_600;
    expect(await statusOf(log.request(5, 6))).toBe(503);
    await running.close();
    await start([log]);
    expect(await statusOf(log.request(5, 6))).toBe(503);
    now = START + 1;
    expect(await statusOf(log.request(5, 6))).toBe(200);
  });

  it('that was never set cosigns nothing', async () => {
    const log = new GrowingLog();
    now = 0;
    await start([log]);
    expect(await statusOf(log.request(0, 5))).toBe(503);
  });
});

describe('the senders of a witness', () => {
  it('get 413 for a body above 10 KiB, announced or not', async () => {
    const log = new GrowingLog();
    await start([log]);
    expect(await statusOf('x'.repeat(10 * 1_024 + 1))).toBe(413);
    const body = new Blob(['x'.repeat(11_000)]).stream();
    const response = await fetch(`${running.url}/add-checkpoint`, {
      method: 'POST',
      body,
      duplex: 'half',
    });
    expect(response.status).toBe(413);
    expect(await statusOf('x'.repeat(10 * 1_024))).toBe(400);
    expect(await statusOf(log.request(0, 1))).toBe(200);
  });

  it('who send slowly are cut off', async () => {
    await start([new GrowingLog()], { requestMilliseconds: 300 });
    const socket = connect(Number(new URL(running.url).port), '127.0.0.1');
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.on('error', () => undefined);
    socket.write('POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nold ');
    const drip = setInterval(() => socket.write('1'), 50);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(drip);
    expect(received).toContain('408');
  });
});

it('a witness shows its key as a cosigner’s', async () => {
  await start([new GrowingLog()]);
  const { key } = createCosigner(NAME, sodiumSigner(new Uint8Array(32).fill(1)));
  expect(running.vkey.slice(0, NAME.length + 1)).toBe(formatVkey(key).slice(0, NAME.length + 1));
  expect(parsePolicyOrThrow(`witness W ${running.vkey}\nquorum W\n`).witnesses[0]?.key.type).toBe('cosignature');
});
