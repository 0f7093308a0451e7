import { base64Encode, sha256, utf8Encode, type Signer } from '@aidtrail/envelope';
import { sodiumSigner } from '@aidtrail/crypto-node';
import type { Role } from '@aidtrail/domain';
import type { BenchLedger } from './bench-ledger.js';
import { Numbers } from './numbers.js';

export interface Store {
  readonly id: string;
  readonly merchant: string;
  readonly tills: readonly Signer[];
}

/** Who and what a benchmark needs before the first voucher: officers, programme, funds, shops. */
export interface Setting {
  readonly numbers: Numbers;
  readonly programmeOfficers: readonly [Signer, Signer];
  readonly finance: Signer;
  readonly registrar: Signer;
  readonly channel: Signer;
  /** Starts days and claims vouchers. */
  readonly service: Signer;
  readonly programme: string;
  readonly partner: string;
  readonly stores: readonly Store[];
}

/** All invented keys and stories follow from it. */
export const SEED = 2026;

export const CATEGORIES = ['grain', 'oil', 'hygiene', 'bedding', 'infant'] as const;

export async function prepareSetting(
  ledger: BenchLedger,
  size: { readonly merchants: number; readonly tillsAStore: number },
): Promise<Setting> {
  const numbers = new Numbers(SEED);
  const enrolOfficer = (role: Role, officer: string): Promise<Signer> =>
    enrol(ledger, { role, officer, seed: numbers.seedOf(officer) });
  const programmeOfficers = [
    await enrolOfficer('programme', 'programme-lu'),
    await enrolOfficer('programme', 'programme-shen'),
  ] as const;
  const finance = await enrolOfficer('finance', 'finance-qin');
  const registrar = await enrolOfficer('registrar', 'registrar-tan');
  const channel = await enrolOfficer('channel', 'channel-online');
  const service = await enrolOfficer('service', 'service-calendar');
  const programme = numbers.uuid();
  const officer = [programmeOfficers[0]];
  await ledger.submit(officer, {
    type: 'OpenProgramme',
    data: { programme, name: 'Bench programme', approvalTiers: [{ approvals: 1 }] },
  });
  const rules = CATEGORIES.map((category) => ({ category, verdict: 'allow' as const }));
  const denied = ['tobacco', 'spirits', 'lottery'].map((category) => ({ category, verdict: 'deny' as const }));
  await ledger.submit(officer, {
    type: 'PublishGoodsPolicy',
    data: { programme, rules: [...rules, ...denied], unknown: 'deny' },
  });
  const setting = { numbers, programmeOfficers, finance, registrar, channel, service, programme };
  const stores: Store[] = [];
  for (let i = 0; i < size.merchants; i += 1) stores.push(await takeOnMerchant(ledger, setting, i, size.tillsAStore));
  return { ...setting, partner: numbers.uuid(), stores };
}

/** Known to a load generator in another process, which signs for the till. */
export function tillSeed(numbers: Numbers, store: string, till: number): Uint8Array {
  return numbers.seedOf(`till ${till} of ${store}`);
}

export function holderSeed(numbers: Numbers, voucher: string): Uint8Array {
  return numbers.seedOf(`holder of ${voucher}`);
}

async function enrol(
  ledger: BenchLedger,
  key: {
    readonly role: Role;
    readonly seed: Uint8Array;
    readonly officer?: string;
    readonly organisation?: string;
    readonly store?: string;
  },
): Promise<Signer> {
  const signer = sodiumSigner(key.seed);
  const { role, officer, organisation, store } = key;
  await ledger.submit([ledger.roots[0]], {
    type: 'EnrollKey',
    data: { publicKey: base64Encode(signer.publicKey), role, ...(officer === undefined ? {} : { officer }) },
    private: { ...(organisation === undefined ? {} : { organisation }), ...(store === undefined ? {} : { store }) },
  });
  await ledger.submit([ledger.roots[1]], { type: 'ApproveKey', data: { key: signer.keyId } });
  return signer;
}

async function takeOnMerchant(
  ledger: BenchLedger,
  setting: Pick<Setting, 'numbers' | 'programmeOfficers' | 'finance' | 'registrar'>,
  number: number,
  tillCount: number,
): Promise<Store> {
  const { numbers, registrar, programmeOfficers, finance } = setting;
  const merchant = numbers.uuid();
  const store = numbers.uuid();
  const region = '522632';
  await ledger.submit([registrar], {
    type: 'ApplyMerchant',
    data: { merchant, name: `Shop ${number}`, region, bankDigest: base64Encode(sha256(utf8Encode(merchant))) },
    private: { wechatMerchantNumber: String(1_600_000_000 + number) },
  });
  for (const assessor of ['foundation', 'sub-district', 'funder'] as const) {
    await ledger.submit([registrar], { type: 'AssessMerchant', data: { merchant, assessor, outcome: 'suitable' } });
  }
  for (const officer of [programmeOfficers[0], finance]) {
    await ledger.submit([officer], { type: 'ApproveMerchant', data: { merchant, holdDays: 1 } });
  }
  await ledger.submit([registrar], {
    type: 'OpenStore',
    data: { merchant, store, name: `Shop ${number}`, kind: 'shop', region },
  });
  const tills: Signer[] = [];
  for (let i = 0; i < tillCount; i += 1) {
    const seed = tillSeed(numbers, store, i);
    tills.push(await enrol(ledger, { role: 'till', organisation: merchant, store, seed }));
  }
  return { id: store, merchant, tills };
}
