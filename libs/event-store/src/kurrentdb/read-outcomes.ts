import { StoreUnavailable } from '../port.js';
import type { CommandOutcome } from '../port.js';
import type { Connection, Recorded } from './connection.js';
import type { AllPosition, LedgerState } from './ledger-state.js';
import type { Names } from './names.js';
import { firstRead, nextReadAfter } from './reader.js';
import { acceptedOf, commitOf, loneOutcomeOf } from './records.js';
import { isAfter, type Sequencer } from './sequencer.js';

/** Every outcome, in the order of `$all`: from the batches that count, and from the records of their own. */
export async function* readOutcomes(
  connection: Connection,
  sequencer: Sequencer,
  names: Names,
): AsyncIterable<CommandOutcome[]> {
  await sequencer.catchUp();
  const { state } = sequencer;
  const end = state.last;
  let after: AllPosition | undefined;
  let nextRead = firstRead;
  while (end !== undefined && (after === undefined || isAfter(end, after))) {
    const page: Recorded[] = await connection.readAll(after, nextRead);
    const fresh = page.filter(({ position }) => position && (!after || isAfter(position, after)));
    const last = fresh.at(-1)?.position;
    if (last === undefined) throw new StoreUnavailable('KurrentDB does not show all that it has stored');
    const known = fresh.filter(({ position }) => position && !isAfter(position, end));
    const outcomes = known.flatMap((event) => outcomeIn(event, state, names) ?? []);
    if (outcomes.length > 0) yield outcomes;
    after = last;
    nextRead = nextReadAfter(fresh);
  }
}

/** A batch that is void decided nothing; nor did a record whose command had an outcome before. */
function outcomeIn(event: Recorded, state: LedgerState, names: Names): CommandOutcome | undefined {
  const { commit, refusal } = names.types;
  if (event.type === commit) {
    const isVoid = state.isVoid(event.streamId, Number(event.revision));
    return isVoid || commitOf(event.id, event.metadata).commandId === undefined
      ? undefined
      : acceptedOf(event.metadata);
  }
  if (event.type !== refusal) return undefined;
  const { outcome } = loneOutcomeOf(event.data);
  return state.outcomePlace(outcome.commandId) === 'alone' ? outcome : undefined;
}
