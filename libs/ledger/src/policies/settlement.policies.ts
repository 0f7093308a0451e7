import {
  reactToCutoff,
  reactToPayment,
  type CutoffEvent,
  type Movement,
  type OfType,
  type Recorded,
  type SettlementEvent,
  type VoucherEvent,
} from '@aidtrail/domain';
import { uuidV5 } from '@aidtrail/envelope';
import { settlementIdOf } from '../ids.js';
import type { MerchantSettlement } from '../ports.js';
import type { AnyRecorded } from '../streams.js';
import { as, idIn, merchantsOf, type PolicyTools } from './tools.js';
import { PolicyRefused, type CausedEffect } from './effects.js';
import { isMovement } from './keeping-books.js';
import type { DurablePolicy } from './runner.js';

/** CutoffSet → a settlement is proposed for each merchant that moved money in the window. */
export function proposalPolicy(tools: PolicyTools): DurablePolicy {
  return {
    name: 'proposals',
    on: ['CutoffSet'],
    handle: async ({ event }) => {
      const cause = as<CutoffEvent>(event);
      const { number } = cause.data;
      const proposed = await proposalsOf(tools, cause);
      for (const settlement of proposed.values()) await tools.memory.rememberSettlement(settlement);
      const previous = new Map(
        (await tools.memory.settlementsBefore(number)).map((one) => [`${one.merchant} ${one.fundingMode}`, one]),
      );
      const effects = reactToCutoff({
        cause,
        movements: await movementsIn(tools, cause.data),
        proposed: new Set(proposed.keys()),
        settlementIdOf: (merchant, fundingMode, cutoff) =>
          settlementIdOf(tools.ledgerSecret, { merchant, fundingMode, cutoff }, tools.crypto.hmacSha256),
        previousOf: (merchant, fundingMode) => previous.get(`${merchant} ${fundingMode}`)?.settlementId,
      });
      let next = proposed.size;
      for (const effect of effects) {
        next = await propose(tools, { causeId: cause.id, effect: { ...effect, index: next } });
        const { command } = effect;
        if (command.type !== 'ProposeSettlement') continue;
        const { merchant } = command.private;
        const { settlement: settlementId, fundingMode } = command.data;
        await tools.memory.rememberSettlement({ merchant, fundingMode, cutoff: number, settlementId });
      }
    },
  };
}

/**
 * What was proposed for a window before, by settlement: an earlier attempt may have known other merchants. A settlement
 * says itself whose it is, whoever was erased since.
 */
async function proposalsOf(
  { store, streams, crypto }: PolicyTools,
  cause: Recorded<CutoffEvent>,
): Promise<ReadonlyMap<string, MerchantSettlement>> {
  const found = new Map<string, MerchantSettlement>();
  for (let index = 0; ; index += 1) {
    const stored = await store.readEvent(uuidV5(cause.id, String(index), crypto.sha1));
    if (stored === undefined) return found;
    const [event] = await streams.recorded([stored]);
    const { data, private: disclosed } = as<OfType<SettlementEvent, 'SettlementProposed'>>(event as AnyRecorded);
    if (disclosed === undefined) throw new Error('A settlement does not say whose it is: its key is missing.');
    const { cutoff, fundingMode } = data;
    const settlementId = idIn(stored.stream);
    found.set(settlementId, { merchant: disclosed.merchant, fundingMode, cutoff, settlementId });
  }
}

/**
 * Proposes at the effect's index or, where another process has taken that for another merchant meanwhile, at the first one
 * after it that is free. Resolves to the index that is next.
 */
async function propose(tools: PolicyTools, caused: CausedEffect): Promise<number> {
  const { index, stream } = caused.effect;
  const outcome = await tools.effects.apply(caused);
  if (outcome === 'applied') return index + 1;
  if (typeof outcome === 'object') throw new PolicyRefused(caused.effect.command.type, outcome.refused);
  const isThere = (await tools.store.versionsOf([stream])).get(stream) !== 0;
  return isThere ? index : propose(tools, { ...caused, effect: { ...caused.effect, index: index + 1 } });
}

/** SettlementPaid that netted a debt → the fen come home to their funds. */
export function recoveryPolicy(tools: PolicyTools): DurablePolicy {
  return {
    name: 'recovery',
    on: ['SettlementPaid'],
    handle: async ({ event, stream }) => {
      const cause = as<OfType<SettlementEvent, 'SettlementPaid'>>(event);
      const merchant = cause.private?.merchant;
      const { recoveredMinor } = cause.data;
      if (merchant === undefined || recoveredMinor === 0) return;
      const { position } = cause;
      const debts = await tools.memory.debtsOf(merchant, position);
      const effects = reactToPayment({
        cause,
        settlement: idIn(stream),
        merchant,
        reversals: await reversalsOf(tools, debts.eventIds),
        recoveredBeforeMinor: debts.recoveredMinor,
      });
      for (const effect of effects) await tools.effects.applyOrThrow({ causeId: cause.id, effect });
      await tools.memory.rememberRecovery({ merchant, position, recoveredMinor });
    },
  };
}

/**
 * The window's redemptions and reversals with their merchants. The window is a day or so of leaves. Whose merchant nobody
 * knows any more is left out: the others are paid all the same, and the window's settlements come to less than its
 * redemptions, which the log shows.
 */
async function movementsIn(
  tools: PolicyTools,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly Movement[]> {
  const movements: Movement[] = [];
  for await (const batch of tools.store.readAll({ from, before: to })) {
    const recorded = await tools.streams.recorded(batch.filter((stored) => isMovement(stored)));
    const events = recorded.map((event) => as<Movement['event']>(event));
    const merchants = await merchantsOf(tools, 'proposals', events);
    for (const event of events) {
      const merchant = merchants.get(event.id);
      if (merchant !== undefined) movements.push({ merchant, event });
    }
  }
  return movements;
}

async function reversalsOf({ store, streams }: PolicyTools, eventIds: readonly string[]) {
  const stored = await Promise.all(eventIds.map((id) => store.readEvent(id)));
  const recorded: readonly AnyRecorded[] = await streams.recorded(stored.filter((event) => event !== undefined));
  return recorded.map((event) => as<OfType<VoucherEvent, 'RedemptionReversed'>>(event));
}
