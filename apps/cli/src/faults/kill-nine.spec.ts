import { join } from 'node:path';
import { sodiumVerifier } from '@aidtrail/crypto-node';
import { Unavailable, type CommandReceipt } from '@aidtrail/client';
import { base64DecodeOrThrow, base64Encode, sha256, type SignedCommand, type Signer } from '@aidtrail/envelope';
import { loadConfigOrThrow, openSystem } from '@aidtrail/nest';
import { createTreeHasher, openCheckpointOrThrow, rootOf } from '@aidtrail/public-log';
import { followTheMoney } from '@aidtrail/testing/reading';
import { batchOf, untilAtRest } from '../demo/reads.js';
import { until, type World } from '../demo/world.js';
import {
  freePort,
  initialiseLedger,
  killRemaining,
  processesIn,
  runToEnd,
  serve,
  temporaryFolder,
  type OpenedLedger,
  type ServingProcess,
} from './program.testing.js';
import {
  commandIdsIn,
  fetchCheckpoint,
  gapsIn,
  readPublicLog,
  readStoredLog,
  type PublicLeaf,
} from './public-log.testing.js';
import {
  headOf,
  buildClaims,
  buildRedemption,
  draftBatch,
  FACE_MINOR,
  openSmallRelief,
  sendUntilAnswered,
  silentWorld,
  type DraftedBatch,
  type FinalAnswer,
  type HeldVoucher,
  type SmallRelief,
} from './small-relief.testing.js';

const HOUSEHOLDS = 300;
const ROUNDS = 5;
const BULK_LINES = 100;
const FIVE_MINUTES = 300_000;

/** A command of which the ledger's final answer has reached its sender. */
interface Answered {
  readonly signed: SignedCommand;
  readonly answer: FinalAnswer;
}

const folder = await temporaryFolder();
let opened: OpenedLedger;
let world: World;
let relief: SmallRelief;
let batch: DraftedBatch;
let server: ServingProcess;
let port: number;
/** What the clients know at the end: everything below is asked of the ledger against it. */
const answered: Answered[] = [];
const checkpoints: string[] = [];
let kills = 0;
/** Requests that had reached the server when it died: nobody can tell from outside what became of them. */
let brokenOff = 0;
let issuedAtSecondKill = 0;
let repeated: readonly FinalAnswer[] = [];
let leaves: readonly PublicLeaf[] = [];
let published: readonly PublicLeaf[] = [];
let stopCode: number | null;
let moneyProblems: readonly unknown[] = ['not looked yet'];
let liveDigest = '';

beforeAll(async () => {
  opened = await initialiseLedger(join(folder.path, 'main'));
  port = await freePort();
  server = await serve({ dataDirectory: opened.dataDirectory, port });
  world = silentWorld(server.url, 'kill nine', countingFetch);
  relief = await openSmallRelief(world, opened.roots, HOUSEHOLDS * FACE_MINOR);
  batch = await draftBatch(world, relief, HOUSEHOLDS);
  await issueWithKills();
  const vouchers = await claimWithKill();
  for (let round = 0; round < ROUNDS; round += 1) await redeemWithKill(vouchers, { database: round % 2 === 1 });
  await untilAtRest(world);
  repeated = await Promise.all(answered.map(({ signed }) => sendUntilAnswered(world.client, signed)));
  published = await readPublicLog(server.url, opened.eventKey);
  await rememberCheckpoint();
  stopCode = await server.stop();
  await lookInside();
}, FIVE_MINUTES);

afterAll(async () => {
  await killRemaining();
  await folder.remove();
});

/** Once right after the approval's receipt, and once while vouchers are being issued. */
async function issueWithKills(): Promise<void> {
  await answer(batch.approval);
  await killAndRestart();
  const before = await headOf(world);
  issuedAtSecondKill = await until('the first vouchers', async () => {
    const issued = (await headOf(world)) - before;
    return issued > 0 ? issued : undefined;
  });
  await killAndRestart({ database: true });
  await until('all vouchers', async () => {
    const view = await batchOf(world, relief.officers.finance.signer, batch.batch);
    return view?.status === 'issued' ? true : undefined;
  });
}

/** Claims in bulk; the server dies under one of the uploads, which is then sent again as it was. */
async function claimWithKill(): Promise<readonly HeldVoucher[]> {
  const claims = await buildClaims(world, relief, batch);
  const dying = pause(150).then(() => killAndRestart());
  dying.catch(() => undefined); // awaited below
  for (let from = 0; from < claims.length; from += BULK_LINES) {
    const lines = claims.slice(from, from + BULK_LINES).map(({ claim }) => claim);
    const results = await until('a whole bulk answer', async () => {
      return world.client.sendBulk(lines).catch((fault: unknown) => {
        if (fault instanceof Unavailable) return undefined;
        throw fault;
      });
    });
    results.forEach((result, i) => {
      if (!('event' in result)) throw new Error(`A claim was refused: ${result.code}.`);
      answered.push({ signed: lines[i] as SignedCommand, answer: result });
    });
  }
  await dying;
  return claims.map(({ voucher }) => voucher);
}

/** All tills sell at once, before, during and after the kill; two of them often meet at the same voucher. */
async function redeemWithKill(vouchers: readonly HeldVoucher[], how: { readonly database: boolean }): Promise<void> {
  let isOpen = true;
  const fewer = world.story.shuffled(vouchers).slice(0, 60);
  const sell = async (till: Signer): Promise<void> => {
    while (isOpen) {
      const sale = { till, voucher: world.story.pick(fewer), amountMinor: world.story.between(200, 1_500) };
      await answer(await buildRedemption(world, relief, sale));
    }
  };
  const selling = Promise.all(relief.tills.map(sell));
  await pause(world.story.between(150, 900));
  await rememberCheckpoint();
  await killAndRestart(how);
  await pause(200);
  isOpen = false;
  await selling;
}

async function answer(signed: SignedCommand): Promise<void> {
  answered.push({ signed, answer: await sendUntilAnswered(world.client, signed) });
}

async function killAndRestart(how: { readonly database?: boolean } = {}): Promise<void> {
  await server.kill(how);
  kills += 1;
  server = await serve({ dataDirectory: opened.dataDirectory, port });
}

const countingFetch: typeof fetch = async (...args) => {
  try {
    return await fetch(...args);
  } catch (fault) {
    const { code } = ((fault as Error).cause ?? {}) as { readonly code?: string };
    if (code !== 'ECONNREFUSED') brokenOff += 1;
    throw fault;
  }
};

async function rememberCheckpoint(): Promise<void> {
  const note = await fetchCheckpoint(server.url);
  if (note !== undefined) checkpoints.push(note);
}

/** What only the operator may see: the private half of the store, and the tables that lived through it all. */
async function lookInside(): Promise<void> {
  const config = loadConfigOrThrow({ dataDirectory: opened.dataDirectory, logLevel: 'silent' }, {});
  const system = await openSystem(config);
  try {
    leaves = await readStoredLog(system.store, opened.eventKey);
    moneyProblems = (await followTheMoney(system.store)).problems;
    liveDigest = await system.projector.tablesDigest();
  } finally {
    await system.close();
  }
}

function receipts(): readonly { readonly signed: SignedCommand; readonly receipt: CommandReceipt }[] {
  return answered.flatMap(({ signed, answer: given }) => ('event' in given ? [{ signed, receipt: given }] : []));
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('a server that is killed with signal 9 while it works', () => {
  it('was killed often enough, at work, for what follows to say something', () => {
    expect(kills).toBe(ROUNDS + 3);
    expect(brokenOff).toBeGreaterThan(ROUNDS);
    expect(issuedAtSecondKill).toBeGreaterThan(0);
    expect(receipts().length).toBeGreaterThan(HOUSEHOLDS + ROUNDS * 16);
    expect(answered.some(({ answer: given }) => 'refused' in given)).toBe(true);
  });

  it('has every event that it acknowledged in the log, byte for byte as in the receipt', () => {
    const inLog = new Map(leaves.map(({ leaf, leafHash }) => [leaf.id, leafHash]));
    const lost = receipts().filter(({ receipt }) => inLog.get(receipt.event) !== receipt.leafHash);
    expect(lost).toEqual([]);
  });

  it('has no sale in the log that nobody handed in, none twice, and each with the amount that was signed', () => {
    const amounts = new Map(
      receipts()
        .filter(({ signed }) => signed.body.type === 'RedeemVoucher')
        .map(({ signed, receipt }) => [receipt.event, signed.body.data['amountMinor']]),
    );
    const sold = leaves.filter(({ leaf }) => leaf.type === 'VoucherRedeemed');
    expect(new Map(sold.map(({ leaf }) => [leaf.id, leaf.data['amountMinor']]))).toEqual(amounts);
    expect(sold).toHaveLength(amounts.size);
  });

  it('left no event half-written: all leaves parse, are signed, and stand without a gap', () => {
    expect(leaves.length).toBeGreaterThan(2 * HOUSEHOLDS);
    expect(gapsIn(leaves)).toEqual([]);
    expect(new Set(leaves.map(({ leaf }) => leaf.id)).size).toBe(leaves.length);
  });

  it('publishes what is in the log, from its beginning', () => {
    expect(published.length).toBeGreaterThan(2 * HOUSEHOLDS);
    expect(published).toEqual(leaves.slice(0, published.length));
  });

  it('records a command once, and nothing of a command that it refused', () => {
    const ids = commandIdsIn(leaves);
    expect(new Set(ids).size).toBe(ids.length);
    const recorded = new Set(ids);
    const refused = answered.filter(({ answer: given }) => 'refused' in given);
    expect(refused.filter(({ signed }) => recorded.has(signed.body.id))).toEqual([]);
  });

  it('goes on with the batch: each household has exactly one voucher', () => {
    const numbers = leaves
      .filter(({ leaf }) => leaf.type === 'VoucherIssued')
      .map(({ leaf }) => leaf.data['number'] as number);
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: HOUSEHOLDS }, (_, i) => i));
  });

  it('lets no voucher pay more than it is worth, and knows the address of each fen', () => {
    const spent = new Map<string, number>();
    for (const { leaf } of leaves) {
      if (leaf.type !== 'VoucherRedeemed') continue;
      spent.set(leaf.stream, (spent.get(leaf.stream) ?? 0) + (leaf.data['amountMinor'] as number));
    }
    expect(Math.max(...spent.values())).toBeLessThanOrEqual(FACE_MINOR);
    expect(moneyProblems).toEqual([]);
  });

  it('gives the same answer to the same bytes for ever', () => {
    expect(repeated).toEqual(answered.map(({ answer: given }) => given));
  });

  it('signed no checkpoint that the log has left', () => {
    const hasher = createTreeHasher(sha256);
    const hashes = leaves.map(({ leafHash }) => base64DecodeOrThrow(leafHash));
    const sizes = checkpoints.map((note) => {
      const { checkpoint } = openCheckpointOrThrow(note, opened.checkpointVkey, sodiumVerifier);
      expect(base64Encode(rootOf(hashes.slice(0, checkpoint.size), hasher))).toBe(base64Encode(checkpoint.root));
      return checkpoint.size;
    });
    expect(sizes.length).toBeGreaterThan(ROUNDS);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  });

  it('has read models that say the same when they are made again from the events', async () => {
    expect(stopCode).toBe(0);
    const { exitCode, output } = await runToEnd('rebuild', '--data', opened.dataDirectory, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(output)).toEqual({ position: leaves.length, digest: liveDigest });
  });

  it('leaves no PostgreSQL behind, whether it was stopped or killed', async () => {
    expect(await processesIn(opened.dataDirectory)).toEqual([]);
    const last = await serve({ dataDirectory: opened.dataDirectory, port });
    expect((await processesIn(opened.dataDirectory)).length).toBeGreaterThan(0);
    await last.kill();
    await until('the end of PostgreSQL', async () => {
      const running = await processesIn(opened.dataDirectory);
      return running.length === 0 ? true : undefined;
    });
  });
});
