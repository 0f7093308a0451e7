import { randomBytes, randomUUID } from 'node:crypto';
import { sodiumSigner } from '@aidtrail/crypto-node';
import {
  base64Encode,
  canonicalBytes,
  COMMAND_TYPE,
  makePrivateFields,
  signBody,
  type CommandAnchor,
  type Signer,
} from '@aidtrail/envelope';
import { Numbers } from '../world/numbers.js';
import { CATEGORIES, holderSeed, SEED, tillSeed } from '../world/setting.js';
import { inputOfChild, tellParent } from './children.js';
import { HttpConnection } from './http-connection.js';

export interface LoadPlan {
  readonly url: string;
  readonly origin: string;
  readonly anchor: CommandAnchor;
  readonly stores: readonly { readonly id: string; readonly merchant: string; readonly tills: number }[];
  readonly vouchers: readonly string[];
  /** So many tills, each with its next sale as soon as it has its answer; or sales at a fixed rate, come what may. */
  readonly load:
    | { readonly kind: 'closed'; readonly inFlight: number; readonly seconds: number }
    | { readonly kind: 'open'; readonly perSecond: number; readonly seconds: number };
}

export interface LoadReport {
  readonly accepted: number;
  readonly failed: number;
  /** Status and body of the first answer that was not 200. */
  readonly firstFailure?: string;
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
  readonly cpuSeconds: number;
}

interface Till {
  readonly signer: Signer;
  readonly store: string;
  readonly merchant: string;
}

const OPEN_CONNECTIONS = 128;
const failures: string[] = [];
const latenciesMs: number[] = [];
let accepted = 0;

/**
 * The envelopes of all sales, as tills and phones make them: with salted disclosures and two signatures. They are made
 * before the clock starts, because tills and phones are not part of the machine that is measured.
 */
function envelopesOf(plan: LoadPlan): readonly Buffer[] {
  const numbers = new Numbers(SEED);
  const tills = plan.stores.flatMap(({ id, merchant, tills: count }) =>
    Array.from({ length: count }, (_, i): Till => ({
      signer: sodiumSigner(tillSeed(numbers, id, i)),
      store: id,
      merchant,
    })),
  );
  return plan.vouchers.map((voucher, i) =>
    envelopeOf(plan, numbers, { voucher, till: tills[i % tills.length] as Till }),
  );
}

function envelopeOf(plan: LoadPlan, numbers: Numbers, sale: { readonly voucher: string; readonly till: Till }): Buffer {
  const { voucher, till } = sale;
  const basket = Array.from({ length: numbers.between(1, 3) }, () => ({
    category: numbers.pick(CATEGORIES),
    item: `6901${String(numbers.below(100_000_000)).padStart(9, '0')}`,
    quantity: numbers.between(1, 4),
    amountMinor: numbers.between(40, 240) * 10,
  }));
  const fields = { merchant: till.merchant, store: till.store, time: '2026-06-02T03:04:05Z', basket };
  const hidden = makePrivateFields({ fields, randomBytes });
  const body = canonicalBytes({
    v: 1,
    log: plan.origin,
    type: 'RedeemVoucher',
    id: randomUUID(),
    key: till.signer.keyId,
    anchor: { ...plan.anchor },
    data: { voucher, amountMinor: basket.reduce((sum, line) => sum + line.amountMinor, 0), consent: 'holder' },
    _sd: hidden._sd,
  });
  const signatures = [till.signer, sodiumSigner(holderSeed(numbers, voucher))].map((signer) => {
    const { key, sig } = signBody(COMMAND_TYPE, body, signer);
    return { keyid: key, sig };
  });
  const envelope = {
    payloadType: COMMAND_TYPE,
    payload: base64Encode(body),
    signatures,
    disclosures: hidden.disclosures,
  };
  return Buffer.from(JSON.stringify(envelope));
}

async function sell(connection: HttpConnection, envelope: Buffer, since = performance.now()): Promise<void> {
  const answer = await connection.post('/commands', envelope);
  latenciesMs.push(performance.now() - since);
  if (answer.status === 200) accepted += 1;
  else failures.push(`${answer.status} ${answer.body.toString('utf8', 0, 500)}`);
}

async function closedLoop(sales: readonly Buffer[], inFlight: number, seconds: number): Promise<void> {
  const connections = await Promise.all(Array.from({ length: inFlight }, () => HttpConnection.open(plan.url)));
  const end = performance.now() + seconds * 1_000;
  let next = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (next < sales.length && performance.now() < end) await sell(connection, sales[next++] as Buffer);
      connection.close();
    }),
  );
}

/** Latency counts from when a sale was due, so a server that stalls cannot hide it by slowing the generator down. */
async function openLoop(sales: readonly Buffer[], perSecond: number): Promise<void> {
  const free = await Promise.all(Array.from({ length: OPEN_CONNECTIONS }, () => HttpConnection.open(plan.url)));
  const waiting: (() => void)[] = [];
  const start = performance.now();
  const running: Promise<void>[] = [];
  const one = async (sale: Buffer, due: number): Promise<void> => {
    while (free.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    const idle = free.pop() as HttpConnection;
    const connection = idle.isClosed ? await HttpConnection.open(plan.url) : idle;
    await sell(connection, sale, due);
    free.push(connection);
    waiting.shift()?.();
  };
  for (let next = 0; next < sales.length;) {
    const due = start + (next * 1_000) / perSecond;
    if (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, 1));
    else running.push(one(sales[next++] as Buffer, due));
  }
  await Promise.all(running);
  for (const connection of free) connection.close();
}

const plan = await inputOfChild<LoadPlan>();
const sales = envelopesOf(plan);
await tellParent('ready');
await inputOfChild<'go'>();
const cpuBefore = process.cpuUsage();
const start = performance.now();
if (plan.load.kind === 'closed') await closedLoop(sales, plan.load.inFlight, plan.load.seconds);
else await openLoop(sales.slice(0, plan.load.perSecond * plan.load.seconds), plan.load.perSecond);
const seconds = (performance.now() - start) / 1_000;
const cpu = process.cpuUsage(cpuBefore);
const [firstFailure] = failures;
await tellParent({
  accepted,
  failed: failures.length,
  ...(firstFailure === undefined ? {} : { firstFailure }),
  seconds,
  latenciesMs,
  cpuSeconds: (cpu.user + cpu.system) / 1e6,
} satisfies LoadReport);
process.disconnect();
