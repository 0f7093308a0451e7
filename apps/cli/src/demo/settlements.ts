import { yuan } from './print.js';
import { settlementOf, settlementsOf, untilAtRest, type SettlementView } from './reads.js';
import type { Story } from './story.js';
import { expectRefusal, submit, UnexpectedAnswer, until, type World } from './world.js';

/** Closes the window for all merchants at a signed tree size; the ledger proposes a settlement for each. Their ids. */
export async function cutOff(world: World, story: Story, to: number): Promise<readonly string[]> {
  await submit(world, [story.cast.services.calendar.signer], { type: 'SetCutoff', data: { to } });
  await untilAtRest(world);
  const finance = story.cast.finance[0].signer;
  const each = await Promise.all(story.merchants.map(({ id }) => settlementsOf(world, finance, id)));
  return each.flat().flatMap(({ settlement, window: [, before] }) => (before === to ? [settlement] : []));
}

/** One officer of finance prepares each settlement, another approves it. The first tries to do both, once. */
export async function prepareAndApprove(
  world: World,
  story: Story,
  settlements: readonly string[],
): Promise<readonly SettlementView[]> {
  const [maker, checker] = story.cast.finance;
  for (const settlement of settlements) {
    await submit(world, [maker.signer], {
      type: 'PrepareSettlement',
      data: { settlement, withheldMinor: 0, releasedMinor: 0 },
      private: {},
    });
  }
  await untilAtRest(world);
  const prepared: SettlementView[] = [];
  for (const settlement of settlements) {
    const view = await settlementOf(world, maker.signer, settlement);
    const order = { type: 'ApproveSettlement', data: { settlement, netMinor: view.netMinor } } as const;
    if (prepared.length === 0) {
      await expectRefusal(world, {
        title: `${maker.officer} tries to approve the settlement that ${maker.officer} prepared`,
        code: 'maker_is_checker',
        signers: [maker.signer],
        order,
      });
      story.tally.refusals += 1;
    }
    await submit(world, [checker.signer], order);
    prepared.push(view);
  }
  story.tally.settledMinor += prepared.reduce((total, { netMinor }) => total + netMinor, 0);
  return prepared;
}

/** Something looks odd in one settlement: it may not be paid until another officer has looked. */
export async function hold(world: World, story: Story, settlement: SettlementView): Promise<void> {
  await submit(world, [story.cast.finance[2].signer], {
    type: 'HoldSettlement',
    data: { settlement: settlement.settlement, reason: 'goods-check' },
  });
}

export async function release(world: World, story: Story, settlement: SettlementView): Promise<void> {
  await submit(world, [story.cast.finance[0].signer], {
    type: 'ReleaseSettlement',
    data: { settlement: settlement.settlement, reason: 'goods-in-order' },
  });
}

/** Payment on the day of the approval: the hold window has not passed. */
export async function payTooEarly(world: World, story: Story, settlement: SettlementView): Promise<void> {
  await expectRefusal(world, {
    title: `finance tries to pay ${yuan(settlement.netMinor)} yuan on the day of the approval`,
    code: 'hold_window',
    signers: [story.cast.finance[0].signer],
    order: {
      type: 'InstructPayment',
      data: { settlement: settlement.settlement },
      private: { instruction: instructionOf(settlement, 0) },
    },
  });
  story.tally.refusals += 1;
}

/** Instructs the bank, records what it did, and matches it with the statement. The total paid, in fen. */
export async function pay(world: World, story: Story, settlements: readonly SettlementView[]): Promise<number> {
  const [instructing, recording, reconciling] = story.cast.finance;
  let paidMinor = 0;
  for (const [i, view] of settlements.entries()) {
    const { netMinor, settlement } = view;
    if (netMinor === 0) continue;
    await submit(world, [instructing.signer], {
      type: 'InstructPayment',
      data: { settlement },
      private: { instruction: instructionOf(view, i) },
    });
    await submit(world, [recording.signer], {
      type: 'RecordPayment',
      data: { settlement, netMinor, bankDay: world.day },
      private: { bankReference: `BANK${world.day.replaceAll('-', '')}${String(i + 1).padStart(4, '0')}` },
    });
    await submit(world, [reconciling.signer], {
      type: 'ReconcileSettlement',
      data: { settlement },
      private: { statementLine: `${world.day}/${i + 1}` },
    });
    paidMinor += netMinor;
  }
  await until('the payments', async () => {
    const views = await Promise.all(
      settlements.map(({ settlement }) => settlementOf(world, instructing.signer, settlement)),
    );
    const open = views.filter(({ netMinor, status }) => netMinor > 0 && status !== 'reconciled');
    return open.length === 0 ? views : undefined;
  });
  story.tally.paidMinor += paidMinor;
  return paidMinor;
}

/** Every redemption of a window is in exactly one settlement: the sums say so. */
export function requireWindowAddsUp(settlements: readonly SettlementView[], expectedMinor: number): void {
  const sum = settlements.reduce((total, { grossMinor, reversalsMinor }) => total + grossMinor - reversalsMinor, 0);
  if (sum !== expectedMinor)
    throw new UnexpectedAnswer(`The settlements of the window are ${sum} fen, what was sold is ${expectedMinor}.`);
}

function instructionOf({ cutoff }: SettlementView, i: number): string {
  return `PAY-${String(cutoff).padStart(3, '0')}-${String(i + 1).padStart(3, '0')}`;
}
