import { base64Encode, sha256, utf8Encode } from '@aidtrail/envelope';
import { sodiumSigner } from '@aidtrail/crypto-node';
import { enrol, type Cast } from './cast.js';
import { merchantPlans, region, type MerchantPlan } from './places.js';
import type { Merchant, Store } from './story.js';
import { submit, type World } from './world.js';

const HOLD_DAYS = 1;

/** Each merchant applies, is assessed by three, approved by two; then its stores open and their tills get keys. */
export async function takeOnMerchants(
  world: World,
  cast: Cast,
  progress: (done: number, total: number) => void,
): Promise<readonly Merchant[]> {
  const merchants: Merchant[] = [];
  for (const plan of merchantPlans) {
    const merchant = await apply(world, cast, plan);
    await openStores(world, cast, merchant);
    merchants.push(merchant);
    progress(merchants.length, merchantPlans.length);
  }
  return merchants;
}

async function apply(world: World, cast: Cast, plan: MerchantPlan): Promise<Merchant> {
  const merchant = world.entropy.uuid();
  const [registrar] = cast.registrars;
  const digits = String(world.story.between(1_600_000_000, 1_699_999_999));
  await submit(world, [registrar.signer], {
    type: 'ApplyMerchant',
    data: {
      merchant,
      name: plan.name,
      region: region[plan.area],
      bankDigest: base64Encode(sha256(utf8Encode(`account of ${merchant}`))),
    },
    private: { wechatMerchantNumber: digits },
  });
  for (const assessor of ['foundation', 'sub-district', 'funder'] as const) {
    await submit(world, [registrar.signer], {
      type: 'AssessMerchant',
      data: { merchant, assessor, outcome: 'suitable' },
    });
  }
  await approveMerchant(world, cast, merchant);
  return { id: merchant, plan, stores: [], suspended: false };
}

/** By two different officers; also lifts a suspension. */
export async function approveMerchant(world: World, cast: Cast, merchant: string): Promise<void> {
  for (const officer of [cast.programme[0], cast.finance[1]]) {
    await submit(world, [officer.signer], { type: 'ApproveMerchant', data: { merchant, holdDays: HOLD_DAYS } });
  }
}

async function openStores(world: World, cast: Cast, merchant: Merchant): Promise<void> {
  const stores = merchant.stores as Store[];
  for (const plan of merchant.plan.stores) {
    const store = world.entropy.uuid();
    await submit(world, [cast.programme[1].signer], {
      type: 'OpenStore',
      data: { merchant: merchant.id, store, name: plan.name, kind: plan.kind, region: region[merchant.plan.area] },
    });
    const tills = Array.from({ length: plan.tills }, () => sodiumSigner(world.entropy.bytes(32)));
    for (const key of tills) {
      const [enroller, approver] = cast.programme;
      await enrol(world, { enroller, approver, key, role: 'till', organisation: merchant.id, store });
    }
    stores.push({ id: store, merchant, plan, tills });
  }
}
