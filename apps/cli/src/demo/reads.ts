import { Refused } from '@aidtrail/client';
import type { Signer } from '@aidtrail/envelope';
import { until, type World } from './world.js';

/** What the demo asks of the ledger over HTTP, apart from commands and staging. Amounts in fen. */

export interface Readiness {
  readonly ready?: boolean;
  readonly head?: number;
  readonly policyLag?: number;
  readonly projectorLag?: number;
}

/** Waits until everything that follows from what was done has been done and projected. Resolves to the log's size. */
export async function untilAtRest(world: World): Promise<number> {
  let before: number | undefined;
  return until('the policies and the projector', async () => {
    const { head, policyLag, projectorLag } = await readiness(world);
    // The three are read one after another; twice the same head means that nothing came in between.
    const rests = policyLag === 0 && projectorLag === 0 && head !== undefined && head === before;
    before = head;
    return rests ? head : undefined;
  });
}

/**
 * Waits for a signed checkpoint over at least so many leaves, then anchors commands to it. Only for leaves that a slot
 * publishes by itself: fewer than k voucher events would wait for more. Resolves to the checkpoint's size.
 */
export async function untilPublished(world: World, leaves: number): Promise<number> {
  await world.steps?.checkpoint();
  const size = await until('a checkpoint', async () => {
    const signed = await checkpointSize(world);
    return signed >= leaves ? signed : undefined;
  });
  await world.client.refresh();
  return size;
}

/** Waits until a quorum of the witnesses has cosigned a checkpoint over at least so many leaves. */
export async function untilWitnessed(world: World, leaves: number): Promise<void> {
  await until('the witnesses', async () => {
    const response = await fetch(new URL('/log/status', world.baseUrl));
    const { witnessedSize } = (await response.json()) as { readonly witnessedSize?: number };
    return witnessedSize !== undefined && witnessedSize >= leaves ? witnessedSize : undefined;
  });
}

/**
 * Waits until everything is done, published and witnessed, the public figures as well, which follow in leaves of their own.
 * Resolves to the log's size. To be called where no checkpoint waits for vouchers.
 */
export async function untilAllIsOut(world: World): Promise<number> {
  for (let size = await untilAtRest(world); ;) {
    await untilPublished(world, size);
    await untilWitnessed(world, size);
    const after = await untilAtRest(world);
    if (after === size) return size;
    size = after;
  }
}

export async function readiness({ baseUrl, monitorToken }: World): Promise<Readiness> {
  const headers = monitorToken === undefined ? undefined : { authorization: `Bearer ${monitorToken}` };
  const response = await fetch(new URL('/ready', baseUrl), headers === undefined ? {} : { headers });
  return (await response.json()) as Readiness;
}

async function checkpointSize(world: World): Promise<number> {
  const response = await fetch(new URL('/log/checkpoint', world.baseUrl));
  if (!response.ok) return 0;
  return Number((await response.text()).split('\n')[1]);
}

export interface BatchView {
  /** `issued` once the last voucher is. */
  readonly status: string;
  readonly refusal?: string;
}

/** Undefined while the read model does not know the batch yet. */
export async function batchOf(world: World, reader: Signer, batch: string): Promise<BatchView | undefined> {
  try {
    return (await world.client.get(`/batches/${batch}`, reader)) as BatchView;
  } catch (fault) {
    if (fault instanceof Refused && fault.problem.status === 404) return undefined;
    throw fault;
  }
}

export interface FundView {
  readonly fund: string;
  readonly kind: string;
  readonly name: string;
  readonly grossIntakeMinor: number;
  readonly feeMinor: number;
  readonly feeInTransitMinor: number;
  readonly returnedMinor: number;
  readonly recoveredMinor: number;
  readonly freeMinor: number;
  readonly inTransitMinor: number;
  readonly refundReservedMinor: number;
  readonly refundedMinor: number;
  readonly spentOnAdministrationMinor: number;
  readonly committedMinor: number;
  readonly redeemedMinor: number;
  readonly recoverableMinor: number;
}

export async function fundOf(world: World, reader: Signer, fund: string): Promise<FundView> {
  return (await world.client.get(`/funds/${fund}`, reader)) as FundView;
}

export interface CampaignView {
  readonly issuedCount: number;
  readonly issuedMinor: number;
  readonly householdCount: number;
  readonly claimedCount: number;
  readonly redeemedCount: number;
  readonly redeemedMinor: number;
  readonly assistedRedemptionCount: number;
  readonly reversedToVoucherMinor: number;
  readonly reversedRecoverableMinor: number;
  readonly expiredMinor: number;
  readonly returnedMinor: number;
  readonly recoveredMinor: number;
  readonly outstandingMinor: number;
}

export async function campaignOf(world: World, reader: Signer, campaign: string): Promise<CampaignView> {
  return (await world.client.get(`/campaigns/${campaign}/days`, reader)) as CampaignView;
}

export interface SettlementView {
  readonly settlement: string;
  readonly merchant: string;
  readonly cutoff: number;
  readonly status: string;
  readonly count: number;
  readonly grossMinor: number;
  readonly reversalsMinor: number;
  readonly recoverableMinor: number;
  readonly recoveredMinor: number;
  readonly netMinor: number;
  readonly payableFrom?: string;
}

export async function settlementOf(world: World, finance: Signer, settlement: string): Promise<SettlementView> {
  return (await world.client.get(`/settlements/${settlement}`, finance)) as SettlementView;
}

interface SettlementOfMerchant {
  readonly settlement: string;
  readonly window: readonly [number, number];
  readonly grossMinor: number;
}

/** The settlements of one merchant, the newest window first. */
export async function settlementsOf(
  world: World,
  finance: Signer,
  merchant: string,
): Promise<readonly SettlementOfMerchant[]> {
  return (await world.client.get(`/merchants/${merchant}/settlements`, finance)) as readonly SettlementOfMerchant[];
}

export async function trialBalance(world: World, finance: Signer): Promise<{ readonly sumMinor: number }> {
  return (await world.client.get('/trial-balance', finance)) as { readonly sumMinor: number };
}
