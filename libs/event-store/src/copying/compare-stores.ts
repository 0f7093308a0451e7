import type { CommandOutcome, StoredEvent } from '../port.js';
import { atMost } from './at-most.js';
import { CopyRefused } from './copy-refused.js';
import type { CopyOptions, CopyProgress, CopyResult, LeafTree } from './copy-options.js';
import type { CopyableStore } from './copyable-store.js';
import { EventCursor } from './event-cursor.js';
import { isSameEvent, isSameOutcome } from './same.js';

const EVENTS_AT_ONCE = 1_000;
const LOOKUPS_AT_ONCE = 32;

/** Throws CopyRefused unless all that the target holds is the beginning of what the source holds. Only reads. */
export async function requireNothingElse(
  { from, to, onProgress }: CopyOptions,
  { head, there }: { readonly head: number; readonly there: number },
): Promise<void> {
  if (there > head) {
    throw new CopyRefused('target_differs', `The target holds ${there} events, the source only ${head}.`);
  }
  await compareEvents({ from, to, before: there, step: 'compare', onProgress });
  await compareOutcomes(from, to);
}

/** Reads both stores to the end and throws CopyRefused unless they are equal in all that the port shows. */
export async function proveEqual(
  { from, to, newTree, onProgress }: CopyOptions,
  head: number,
): Promise<Omit<CopyResult, 'copiedEvents'>> {
  const trees = { from: newTree(), to: newTree() };
  await compareEvents({ from, to, before: head, step: 'prove', trees, onProgress });
  const { accepted, refused } = await compareOutcomes(from, to);
  let inSource = 0;
  for await (const outcomes of from.readOutcomes()) inSource += outcomes.length;
  const [sourceHead, targetHead] = [await from.head(), await to.head()];
  if (sourceHead !== head || inSource > accepted + refused) {
    throw new CopyRefused('source_changed', 'The source was written to while it was copied: stop every server first.');
  }
  if (targetHead !== head) {
    throw new CopyRefused('target_differs', 'Somebody else writes to the target: stop every server first.');
  }
  const root = trees.to.root();
  if (Buffer.compare(root, trees.from.root()) !== 0) throw new Error('equal leaves have different Merkle roots');
  return { events: head, accepted, refused, root };
}

async function compareEvents(options: {
  readonly from: CopyableStore;
  readonly to: CopyableStore;
  readonly before: number;
  readonly step: CopyProgress['step'];
  readonly trees?: { readonly from: LeafTree; readonly to: LeafTree };
  readonly onProgress: CopyOptions['onProgress'];
}): Promise<void> {
  const { from, to, before, step, trees, onProgress } = options;
  if (before === 0) return;
  const ours = new EventCursor(from, { from: 0, before });
  const theirs = new EventCursor(to, { from: 0, before });
  try {
    for (let done = 0; done < before;) {
      const [wanted, found] = await Promise.all([ours.take(EVENTS_AT_ONCE), theirs.take(EVENTS_AT_ONCE)]);
      requireSame(done, wanted, found);
      for (const { bytes } of wanted) trees?.from.append(bytes);
      for (const { bytes } of found) trees?.to.append(bytes);
      done += wanted.length;
      onProgress?.({ step, done, total: before });
    }
  } finally {
    await Promise.all([ours.close(), theirs.close()]);
  }
}

function requireSame(first: number, wanted: readonly StoredEvent[], found: readonly StoredEvent[]): void {
  if (wanted.length === 0) throw new Error(`the source does not give its event ${first}`);
  const at = wanted.findIndex((event, i) => {
    const other = found[i];
    return other === undefined || !isSameEvent(event, other);
  });
  if (at < 0) return;
  throw new CopyRefused(
    'target_differs',
    `The target holds at position ${first + at} another event than the source: it is another ledger, or another history of this one.`,
  );
}

/** That each outcome of the target is one of the source; how many there are. */
async function compareOutcomes(
  from: CopyableStore,
  to: CopyableStore,
): Promise<{ readonly accepted: number; readonly refused: number }> {
  const counts = { accepted: 0, refused: 0 };
  const compare = async (outcome: CommandOutcome): Promise<void> => {
    if (!isSameOutcome(outcome, await from.outcomeOf(outcome.commandId))) {
      throw new CopyRefused(
        'target_differs',
        `The target holds another outcome of command ${outcome.commandId} than the source: it is another ledger, or another history of this one.`,
      );
    }
    counts[outcome.kind] += 1;
  };
  for await (const outcomes of to.readOutcomes()) await atMost(LOOKUPS_AT_ONCE, outcomes, compare);
  return counts;
}
