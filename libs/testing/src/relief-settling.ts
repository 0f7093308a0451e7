import { leavesOf, leavesOfType } from './ledger-reading.js';
import type { LedgerHarness } from './ledger-harness.js';
import type { ReliefScenario } from './relief-scenario.js';

/** The next day begins; a checkpoint follows, so that commands have an anchor of that day. */
export async function startDay(h: LedgerHarness, relief: ReliefScenario, day: string): Promise<void> {
  await h.accept({ type: 'StartDay', data: { day } }, [relief.keys.service]);
  await h.ledger.checkpoint({ force: true });
  await h.ledger.settle();
}

/** Cuts off at a fresh checkpoint; resolves to the settlements that this proposed. */
export async function cutOff(h: LedgerHarness, relief: ReliefScenario): Promise<readonly string[]> {
  await h.ledger.checkpoint({ force: true });
  const { size } = await h.ledger.latestCheckpoint();
  const cutoff = await h.accept({ type: 'SetCutoff', data: { to: size } }, [relief.keys.service]);
  await h.ledger.settle();
  const proposed = await leavesOfType(h.store, 'SettlementProposed');
  return proposed
    .filter(({ leaf }) => 'ref' in leaf.command && leaf.command.ref === cutoff)
    .map(({ leaf }) => leaf.stream.slice('settlement-'.length));
}

/** Prepares and approves by two officers; resolves to the net. */
export async function approveSettlement(h: LedgerHarness, relief: ReliefScenario, settlement: string): Promise<number> {
  const { finance1, finance2 } = relief.keys;
  await h.accept({ type: 'PrepareSettlement', data: { settlement, withheldMinor: 0, releasedMinor: 0 }, private: {} }, [
    finance1,
  ]);
  const { state } = await h.ledger.stateOf(`settlement-${settlement}`);
  const { netMinor } = (state as { readonly adjusted: { readonly netMinor: number } }).adjusted;
  await h.accept({ type: 'ApproveSettlement', data: { settlement, netMinor } }, [finance2]);
  return netMinor;
}

/** Instructs (if anything is due) and records the payment. The hold window must have passed. */
export async function paySettlement(
  h: LedgerHarness,
  relief: ReliefScenario,
  payment: { readonly settlement: string; readonly netMinor: number },
): Promise<void> {
  const { settlement, netMinor } = payment;
  const { finance1 } = relief.keys;
  if (netMinor > 0) {
    await h.accept({ type: 'InstructPayment', data: { settlement }, private: { instruction: `pay ${settlement}` } }, [
      finance1,
    ]);
  }
  await h.accept(
    {
      type: 'RecordPayment',
      data: { settlement, netMinor, bankDay: '2026-06-01' },
      private: netMinor === 0 ? {} : { bankReference: `bank ${settlement}` },
    },
    [finance1],
  );
  await h.ledger.settle();
}

/** What is still wrong with the settlements of a store whose policies are at rest; empty if nothing is. */
export async function settlementProblems(h: LedgerHarness): Promise<readonly string[]> {
  const problems: string[] = [];
  const windows = new Map<number, { readonly from: number; readonly to: number; moved: number; proposed: number }>();
  const recovered = { paidMinor: 0, homeMinor: 0 };
  const leaves = await leavesOf(h.store);
  for (const { leaf } of leaves) {
    const data = leaf.data as Record<string, number>;
    if (leaf.type === 'CutoffSet')
      windows.set(data['number'] as number, {
        from: data['from'] as number,
        to: data['to'] as number,
        moved: 0,
        proposed: 0,
      });
    if (leaf.type === 'SettlementPaid') recovered.paidMinor += data['recoveredMinor'] as number;
    if (leaf.type === 'FundsRecovered') recovered.homeMinor += data['amountMinor'] as number;
  }
  for (const { stored, leaf } of leaves) {
    const data = leaf.data as Record<string, number>;
    const sign = { VoucherRedeemed: 1, RedemptionReversed: -1 }[leaf.type];
    const window = [...windows.values()].find(({ from, to }) => stored.position >= from && stored.position < to);
    if (sign !== undefined && window !== undefined) window.moved += sign * (data['amountMinor'] as number);
    const proposedFor = leaf.type === 'SettlementProposed' ? windows.get(data['cutoff'] as number) : undefined;
    if (proposedFor !== undefined)
      proposedFor.proposed += (data['grossMinor'] as number) - (data['reversalsMinor'] as number);
  }
  for (const [number, { moved, proposed }] of windows) {
    if (moved !== proposed) problems.push(`window ${number} moved ${moved} and settles ${proposed}`);
  }
  if (recovered.paidMinor !== recovered.homeMinor)
    problems.push(`payments netted ${recovered.paidMinor}, of which ${recovered.homeMinor} came home`);
  return problems;
}
