import type { Signer } from '@aidtrail/envelope';
import {
  createLedgerHarness,
  newSigner,
  publicKeyOf,
  type HarnessInternals,
  type LedgerHarness,
} from './ledger-harness.js';
import { leavesOfType } from './ledger-reading.js';
import { claim, giveAndTransfer, issueBatch, openRelief, redemption, type ReliefScenario } from './relief-scenario.js';
import { cutOff, startDay } from './relief-settling.js';

/** An honest ledger in the middle of a campaign, for forgers to go on from. */
export interface Stage {
  readonly h: LedgerHarness & HarnessInternals;
  readonly relief: ReliefScenario;
  readonly batch: string;
  /** Claimed, and spent from. */
  readonly voucher: string;
  readonly holder: Signer;
  /** The event that spent from it. */
  readonly spent: string;
  /** Nobody has claimed it. */
  readonly unclaimed: string;
  /** Waits for approval; its maker is the officer `programme-1`. */
  readonly draft: { readonly batch: string; readonly terms: Readonly<Record<string, string | number>> };
  readonly settlement: string;
  /** Enrolled by the first root and approved by nobody. */
  readonly proposed: Signer;
  /** A till of the store, revoked. */
  readonly lostTill: Signer;
  /** The checkpoint that the first day began with. */
  readonly oldAnchor: { readonly size: number; readonly root: string };
}

export const FACE_MINOR = 5_000;

export async function openStage(): Promise<Stage> {
  const h = await createLedgerHarness();
  const relief = await openRelief(h);
  const { keys, merchant, store } = relief;
  await giveAndTransfer(h, relief, [60_000]);
  const { batch, voucherIds } = await issueBatch(h, relief, { count: 4, faceMinor: FACE_MINOR });
  const [voucher = '', unclaimed = ''] = voucherIds;
  await startDay(h, relief, '2026-06-02');
  const oldAnchor = await h.ledger.latestCheckpoint();
  const holder = await claim(h, relief, voucher);
  await h.accept(redemption(relief, voucher, 1_200), [keys.till, holder]);
  await startDay(h, relief, '2026-06-03');
  await startDay(h, relief, '2026-06-04');
  const lostTill = await h.enroll('till', { private: { organisation: merchant, store } });
  await h.accept({ type: 'RevokeKey', data: { key: lostTill.keyId, reason: 'stolen' } }, [h.roots[0]]);
  const proposed = newSigner(h.entropy);
  await h.accept({ type: 'EnrollKey', data: { publicKey: publicKeyOf(proposed), role: 'service' } }, [h.roots[0]]);
  const [settlement = ''] = await cutOff(h, relief);
  const [spent] = await leavesOfType(h.store, 'VoucherRedeemed');
  const draft = await draftOnly(h, relief);
  await h.ledger.checkpoint({ force: true });
  const { size, root } = oldAnchor;
  return {
    ...{
      h,
      relief,
      batch,
      voucher,
      holder,
      unclaimed,
      draft,
      settlement,
      proposed,
      lostTill,
      oldAnchor: { size, root },
    },
    spent: spent?.stored.id ?? '',
  };
}

async function draftOnly(h: LedgerHarness, relief: ReliefScenario): Promise<Stage['draft']> {
  const batch = h.entropy.uuid();
  const { rosterRoot } = h.registers.prepareBatch(batch, 2);
  const { campaign, campaignFund: fund } = relief;
  const terms = { campaign, fund, count: 2, faceMinor: 500, totalMinor: 1_000, rosterRoot };
  const hidden = { partner: h.entropy.uuid(), communities: ['riverside'] };
  await h.accept({ type: 'DraftBatch', data: { batch, ...terms }, private: hidden }, [relief.keys.programme1]);
  return { batch, terms };
}
