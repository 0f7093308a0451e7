import { base64Encode, sha256, utf8Encode, type SignedCommand, type Signer } from '@aidtrail/envelope';
import { sodiumSigner } from '@aidtrail/crypto-node';
import { AidtrailClient, Refused, Unavailable, type CommandReceipt } from '@aidtrail/client';
import { enrol, type Actor } from '../demo/cast.js';
import { Narrator } from '../demo/narrator.js';
import { inventHouseholds } from '../demo/people.js';
import { seededRandom, systemRandom } from '../demo/random.js';
import { readiness, untilAtRest } from '../demo/reads.js';
import { tidyRoster } from '../demo/rosters.js';
import { fetchSlips, prepareBatch, stageIntake, uploadRoster } from '../demo/staging.js';
import { submit, until, type Order, type World } from '../demo/world.js';
import { MONITOR_TOKEN } from './program.testing.js';

/** A programme with one merchant and money, as small as it can be and still issue vouchers that 16 tills redeem. */
export interface SmallRelief {
  readonly day: string;
  readonly officers: Readonly<Record<'programme' | 'checker' | 'finance' | 'registrar' | 'worker' | 'claims', Actor>>;
  readonly tills: readonly Signer[];
  readonly programme: string;
  readonly fund: string;
  readonly campaign: string;
  readonly merchant: string;
  readonly store: string;
}

const TILLS = 16;
export const FACE_MINOR = 3_000;

/** A world whose story is silent and drawn from a seed; keys, ids and salts are real. */
export function silentWorld(baseUrl: string, seed: string, request: typeof fetch = fetch): World {
  const entropy = systemRandom();
  const client = new AidtrailClient({
    baseUrl,
    randomBytes: (length) => entropy.bytes(length),
    randomUuid: () => entropy.uuid(),
    fetch: request,
  });
  const narrator = new Narrator({ write: () => undefined });
  const stop = new AbortController().signal;
  const monitorToken = MONITOR_TOKEN;
  return { client, baseUrl, monitorToken, story: seededRandom(seed), entropy, narrator, stop, day: '' };
}

/** How many events the ledger has. Throws if it does not say so. */
export async function headOf(world: World): Promise<number> {
  const { head } = await readiness(world);
  if (head === undefined) throw new Error('The ledger does not say how many events it has.');
  return head;
}

/** Sets everything up and pays in `giftMinor`. Throws `UnexpectedAnswer` if anything is refused. */
export async function openSmallRelief(
  world: World,
  roots: readonly [Actor, Actor],
  giftMinor: number,
): Promise<SmallRelief> {
  const { day } = (await world.client.get('/ledger')) as { readonly day: string };
  world.day = day;
  const [merchant, store] = [world.entropy.uuid(), world.entropy.uuid()];
  const newActor = (officer: string): Actor => ({ officer, signer: sodiumSigner(world.entropy.bytes(32)) });
  const officers = {
    programme: newActor('programme-1'),
    checker: newActor('programme-2'),
    finance: newActor('finance-1'),
    registrar: newActor('registrar-1'),
    worker: newActor('worker-1'),
    claims: newActor('service-claims'),
  };
  const roles = { checker: 'programme', claims: 'service' } as const;
  const [enroller, approver] = roots;
  for (const [name, { officer, signer: key }] of Object.entries(officers)) {
    const role = roles[name as keyof typeof roles] ?? (name as 'programme');
    await enrol(world, { enroller, approver, key, role, officer });
  }
  const tills = Array.from({ length: TILLS }, () => sodiumSigner(world.entropy.bytes(32)));
  await Promise.all(
    tills.map((key) => enrol(world, { enroller, approver, key, role: 'till', organisation: merchant, store })),
  );
  const programme = await openProgramme(world, officers);
  const fund = await openFund(world, { programme, finance: officers.finance, giftMinor, roots });
  const campaign = await openCampaign(world, { programme, fund, officer: officers.programme });
  await takeOn(world, { merchant, store, officers });
  await untilAtRest(world);
  return { day, officers, tills, programme, fund, campaign, merchant, store };
}

async function openProgramme(world: World, { programme: officer }: SmallRelief['officers']): Promise<string> {
  const programme = world.entropy.uuid();
  await submit(world, [officer.signer], {
    type: 'OpenProgramme',
    data: { programme, name: 'Relief', approvalTiers: [{ approvals: 1 }] },
  });
  await submit(world, [officer.signer], {
    type: 'PublishGoodsPolicy',
    data: { programme, rules: [{ category: 'staple-food', verdict: 'allow' }], unknown: 'deny' },
  });
  return programme;
}

async function openFund(
  world: World,
  of: {
    readonly programme: string;
    readonly finance: Actor;
    readonly giftMinor: number;
    readonly roots: readonly [Actor, Actor];
  },
): Promise<string> {
  const { programme, finance, giftMinor, roots } = of;
  const [fund, intake] = [world.entropy.uuid(), world.entropy.uuid()];
  await submit(world, [finance.signer], {
    type: 'OpenFund',
    data: { fund, kind: 'campaign', name: 'Flood', currency: 'CNY', programme, feeBasisPoints: 0 },
  });
  const channel = sodiumSigner(world.entropy.bytes(32));
  await enrol(world, {
    enroller: roots[0],
    approver: roots[1],
    key: channel,
    role: 'channel',
    officer: 'channel-bank',
  });
  const rows = [{ paymentReference: 'bank-0001', amountMinor: giftMinor }];
  const { count, totalMinor, rowsRoot } = await stageIntake(world, channel, { intake, fund, channel: 'bank', rows });
  await submit(world, [channel], {
    type: 'RecordIntake',
    id: intake,
    data: { fund, count, totalMinor, rowsRoot },
    private: { channel: 'bank' },
  });
  return fund;
}

async function openCampaign(
  world: World,
  of: { readonly programme: string; readonly fund: string; readonly officer: Actor },
): Promise<string> {
  const campaign = world.entropy.uuid();
  const { programme, fund, officer } = of;
  const terms = {
    firstDay: world.day,
    lastDay: '2099-12-31',
    fundingMode: 'merchant-funded',
    assistedAllowed: true,
  } as const;
  await submit(world, [officer.signer], {
    type: 'OpenCampaign',
    data: {
      campaign,
      programme,
      fund,
      name: 'Recovery',
      phase: 'recovery',
      hazard: 'flood',
      region: '439903',
      purpose: 'first-resettlement',
      terms,
    },
  });
  return campaign;
}

async function takeOn(
  world: World,
  of: { readonly merchant: string; readonly store: string; readonly officers: SmallRelief['officers'] },
): Promise<void> {
  const { merchant, store, officers } = of;
  const bankDigest = base64Encode(sha256(utf8Encode(merchant)));
  await submit(world, [officers.registrar.signer], {
    type: 'ApplyMerchant',
    data: { merchant, name: 'Corner shop', region: '439903', bankDigest },
    private: { wechatMerchantNumber: '1600000001' },
  });
  await submit(world, [officers.registrar.signer], {
    type: 'AssessMerchant',
    data: { merchant, assessor: 'foundation', outcome: 'suitable' },
  });
  for (const { signer } of [officers.programme, officers.finance]) {
    await submit(world, [signer], { type: 'ApproveMerchant', data: { merchant, holdDays: 1 } });
  }
  await submit(world, [officers.programme.signer], {
    type: 'OpenStore',
    data: { merchant, store, name: 'Corner', kind: 'shop', region: '439903' },
  });
}

export interface DraftedBatch {
  readonly batch: string;
  readonly count: number;
  /** Hand this in to have the vouchers issued. */
  readonly approval: SignedCommand;
}

/** Imports a roster of invented households and drafts a batch over it. */
export async function draftBatch(world: World, relief: SmallRelief, households: number): Promise<DraftedBatch> {
  const { programme, campaign, officers } = relief;
  const registrar = officers.registrar.signer;
  const wish = { count: households, communities: ['上坝村', '下坝村'], division: '07' };
  const file = tidyRoster('roster.csv', inventHouseholds(wish, world.story));
  const answer = await uploadRoster(world, registrar, { programme, campaign, file });
  if (answer.status === 'refused') throw new Error(`The roster was refused: ${answer.code}.`);
  return draftBatchOf(world, relief, answer.rosterId);
}

/** Drafts a batch over a roster that was imported. */
export async function draftBatchOf(world: World, relief: SmallRelief, roster: string): Promise<DraftedBatch> {
  const { campaign, fund, officers } = relief;
  const registrar = officers.registrar.signer;
  const partner = world.entropy.uuid();
  const { batch, count, rosterRoot, communities } = await prepareBatch(world, registrar, {
    roster,
    batch: world.entropy.uuid(),
    campaign,
    partner,
  });
  const terms = { batch, campaign, fund, count, faceMinor: FACE_MINOR, totalMinor: FACE_MINOR * count, rosterRoot };
  await submit(world, [registrar], {
    type: 'DraftBatch',
    data: terms,
    private: { partner, communities: [...communities] },
  });
  const approval = await world.client.build({ type: 'ApproveBatch', data: terms }, [officers.checker.signer]);
  return { batch, count, approval };
}

export interface HeldVoucher {
  readonly id: string;
  readonly holder: Signer;
}

/** One signed claim for each voucher of an issued batch, each with a new holder key. */
export async function buildClaims(
  world: World,
  relief: SmallRelief,
  { batch, count }: DraftedBatch,
): Promise<readonly { readonly voucher: HeldVoucher; readonly claim: SignedCommand }[]> {
  const slips = await fetchSlips(world, relief.officers.worker.signer, { batch, count });
  return Promise.all(
    slips.map(async ({ voucherId }) => {
      const holder = sodiumSigner(world.entropy.bytes(32));
      const claim = await world.client.build(
        {
          type: 'ClaimVoucher',
          data: { voucher: voucherId, holder: base64Encode(holder.publicKey), channel: 'self' },
          privateFields: { time: `${relief.day}T01:02:03Z` },
        },
        [relief.officers.claims.signer, holder],
      );
      return { voucher: { id: voucherId, holder }, claim };
    }),
  );
}

/** A signed purchase of one line of rice. */
export async function buildRedemption(
  world: World,
  relief: SmallRelief,
  sale: { readonly till: Signer; readonly voucher: HeldVoucher; readonly amountMinor: number },
): Promise<SignedCommand> {
  const { till, voucher, amountMinor } = sale;
  const order: Order = {
    type: 'RedeemVoucher',
    data: { voucher: voucher.id, amountMinor, consent: 'holder' },
    private: {
      merchant: relief.merchant,
      store: relief.store,
      time: `${relief.day}T02:03:04Z`,
      basket: [{ category: 'staple-food', quantity: 1, amountMinor }],
    },
  };
  const { type, data, private: privateFields } = order;
  return world.client.build({ type, data, privateFields }, [till, voucher.holder]);
}

/** A final answer as the client saw it. */
export type FinalAnswer = CommandReceipt | { readonly refused: string };

/** Hands in the same bytes again and again until the ledger has answered for good. */
export async function sendUntilAnswered(client: AidtrailClient, signed: SignedCommand): Promise<FinalAnswer> {
  return until('a final answer', async () => {
    try {
      return await client.send(signed, 1);
    } catch (fault) {
      if (fault instanceof Refused && fault.problem.final === true) return { refused: fault.problem.code };
      if (fault instanceof Unavailable) return undefined;
      throw fault;
    }
  });
}
