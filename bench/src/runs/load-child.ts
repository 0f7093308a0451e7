import { randomBytes, randomUUID } from 'node:crypto';
import { sodiumSigner } from '@aidtrail/crypto-node';
import {
  base64Encode,
  canonicalBytes,
  COMMAND_TYPE,
  makePrivateFields,
  signBody,
  type CommandAnchor,
  type PrivateFields,
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

/** All that can be made before the clock starts: keys, and baskets with their salted disclosures. */
interface Sale {
  readonly voucher: string;
  readonly holder: Signer;
  readonly till: Till;
  readonly amountMinor: number;
  readonly hidden: PrivateFields;
}

const OPEN_CONNECTIONS = 128;
const failures: string[] = [];
const latenciesMs: number[] = [];
let accepted = 0;

function salesOf(plan: LoadPlan): readonly Sale[] {
  const numbers = new Numbers(SEED);
  const tills = plan.stores.flatMap(({ id, merchant, tills: count }) =>
    Array.from({ length: count }, (_, i): Till => ({
      signer: sodiumSigner(tillSeed(numbers, id, i)),
      store: id,
      merchant,
    })),
  );
  return plan.vouchers.map((voucher, i) => {
    const till = tills[i % tills.length] as Till;
    const basket = Array.from({ length: numbers.between(1, 3) }, () => ({
      category: numbers.pick(CATEGORIES),
      item: `6901${String(numbers.below(100_000_000)).padStart(9, '0')}`,
      quantity: numbers.between(1, 4),
      amountMinor: numbers.between(40, 240) * 10,
    }));
    const fields = { merchant: till.merchant, store: till.store, time: '2026-06-02T03:04:05Z', basket };
    return {
      voucher,
      holder: sodiumSigner(holderSeed(numbers, voucher)),
      till,
      amountMinor: basket.reduce((sum, line) => sum + line.amountMinor, 0),
      hidden: makePrivateFields({ fields, randomBytes }),
    };
  });
}

/** The envelope of one sale, built and signed twice now: that is the work of the tills and phones. */
function envelopeOf(plan: LoadPlan, sale: Sale): Buffer {
  const { voucher, till, holder, amountMinor, hidden } = sale;
  const body = canonicalBytes({
    v: 1,
    log: plan.origin,
    type: 'RedeemVoucher',
    id: randomUUID(),
    key: till.signer.keyId,
    anchor: { ...plan.anchor },
    data: { voucher, amountMinor, consent: 'holder' },
    _sd: hidden._sd,
  });
  const signatures = [till.signer, holder].map((signer) => {
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

async function sell(plan: LoadPlan, connection: HttpConnection, sale: Sale, since = performance.now()): Promise<void> {
  const answer = await connection.post('/commands', envelopeOf(plan, sale));
  latenciesMs.push(performance.now() - since);
  if (answer.status === 200) accepted += 1;
  else failures.push(`${answer.status} ${answer.body.toString('utf8', 0, 500)}`);
}

async function closedLoop(plan: LoadPlan, sales: readonly Sale[], inFlight: number, seconds: number): Promise<void> {
  const connections = await Promise.all(Array.from({ length: inFlight }, () => HttpConnection.open(plan.url)));
  const end = performance.now() + seconds * 1_000;
  let next = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (next < sales.length && performance.now() < end) await sell(plan, connection, sales[next++] as Sale);
      connection.close();
    }),
  );
}

/** Latency counts from when a sale was due, so a server that stalls cannot hide it by slowing the generator down. */
async function openLoop(plan: LoadPlan, sales: readonly Sale[], perSecond: number): Promise<void> {
  const free = await Promise.all(Array.from({ length: OPEN_CONNECTIONS }, () => HttpConnection.open(plan.url)));
  const waiting: (() => void)[] = [];
  const start = performance.now();
  const running: Promise<void>[] = [];
  const one = async (sale: Sale, due: number): Promise<void> => {
    while (free.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    const connection = free.pop() as HttpConnection;
    await sell(plan, connection, sale, due);
    free.push(connection);
    waiting.shift()?.();
  };
  for (let next = 0; next < sales.length;) {
    const due = start + (next * 1_000) / perSecond;
    if (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, 1));
    else running.push(one(sales[next++] as Sale, due));
  }
  await Promise.all(running);
  for (const connection of free) connection.close();
}

const plan = await inputOfChild<LoadPlan>();
const sales = salesOf(plan);
await tellParent('ready');
await inputOfChild<'go'>();
const cpuBefore = process.cpuUsage();
const start = performance.now();
if (plan.load.kind === 'closed') await closedLoop(plan, sales, plan.load.inFlight, plan.load.seconds);
else await openLoop(plan, sales.slice(0, plan.load.perSecond * plan.load.seconds), plan.load.perSecond);
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
