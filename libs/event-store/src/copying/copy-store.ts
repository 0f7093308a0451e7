import type { CommandOutcome, StoredEvent } from '../port.js';
import { atMost } from './at-most.js';
import { proveEqual, requireNothingElse } from './compare-stores.js';
import type { CopyOptions, CopyResult } from './copy-options.js';
import { CopyRefused } from './copy-refused.js';
import type { CopyableStore } from './copyable-store.js';
import { isSameEvent, isSameOutcome } from './same.js';
import { appendsOf, callsOf, type PlacedAppend } from './segments.js';

const OUTCOMES_AT_ONCE = 64;

/**
 * Copies a ledger from one store to another and proves it. Nobody may write to either meanwhile.
 *
 * The outcomes go first: an event in the target then never lacks the answer to its command. A copy that was cut off
 * anywhere is finished by the same call: what is there is compared, event by event and outcome by outcome, and the rest is
 * written. If the target holds anything else, nothing is written. At the end both stores are read once more and compared in
 * everything that the port shows. In memory are a few batches, whatever the length of the ledger.
 *
 * Throws CopyRefused; StoreUnavailable when a store cannot be reached, after which the call is repeated.
 */
export async function copyStore(options: CopyOptions): Promise<CopyResult> {
  const { from, to, beforeWriting } = options;
  const head = await from.head();
  const there = await to.head();
  await requireNothingElse(options, { head, there });
  await beforeWriting?.();
  await copyOutcomes(options);
  await copyEvents(options, { from: there, before: head });
  return { ...(await proveEqual(options, head)), copiedEvents: head - there };
}

async function copyOutcomes({ from, to, onProgress }: CopyOptions): Promise<void> {
  let done = 0;
  for await (const outcomes of from.readOutcomes()) {
    await atMost(OUTCOMES_AT_ONCE, outcomes, (outcome) => keep(to, outcome));
    done += outcomes.length;
    onProgress?.({ step: 'outcomes', done });
  }
}

async function keep(to: CopyableStore, outcome: CommandOutcome): Promise<void> {
  if (isSameOutcome(outcome, await to.keepOutcome(outcome))) return;
  throw new CopyRefused('target_differs', `The target has another outcome of command ${outcome.commandId}.`);
}

async function copyEvents(
  { from, to, onProgress }: CopyOptions,
  window: { readonly from: number; readonly before: number },
): Promise<void> {
  for await (const events of from.readAll(window)) {
    for (const appends of callsOf(appendsOf(events))) await store(to, appends);
    onProgress?.({ step: 'events', done: (events.at(-1) as StoredEvent).position + 1, total: window.before });
  }
}

async function store(to: CopyableStore, appends: readonly PlacedAppend[]): Promise<void> {
  const outcomes = await to.appendMany(appends);
  for (const [i, append] of appends.entries()) {
    const outcome = outcomes[i];
    const isInPlace = outcome?.status === 'appended' && outcome.firstPosition === append.firstPosition;
    // A run that was killed may have sent these very events, and the target taken them only now.
    if (!isInPlace) await requireThere(to, append);
  }
}

async function requireThere(to: CopyableStore, append: PlacedAppend): Promise<void> {
  const { stream, expectedVersion, events, firstPosition } = append;
  const found: StoredEvent[] = [];
  for await (const batch of to.readAll({ from: firstPosition, before: firstPosition + events.length })) {
    found.push(...batch);
  }
  const isThere = events.every((event, i) => {
    const stored = found[i];
    const place = { position: firstPosition + i, stream, version: expectedVersion + i + 1 };
    return stored !== undefined && isSameEvent(stored, { ...event, ...place });
  });
  if (isThere) return;
  throw new CopyRefused('target_differs', `Somebody else writes to the target: event ${firstPosition} is another one.`);
}
