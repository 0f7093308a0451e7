import { sodiumVerifier } from '@aidtrail/crypto-node';
import {
  expectedBalances,
  LineSweep,
  postings,
  TrialBalance,
  type ConservationFinding,
  type SweptEvent,
} from '@aidtrail/domain';
import { parseLeafOrThrow, type Ed25519Verifier, type Leaf } from '@aidtrail/envelope';
import type { EventStore, StoredEvent } from '@aidtrail/event-store';

/** An event as the store has it, with its leaf parsed as strictly as an auditor would. */
export interface ReadLeaf {
  readonly stored: StoredEvent;
  readonly leaf: Leaf;
}

export const verifier: Ed25519Verifier = sodiumVerifier;

/** Every event of the store, in log order. */
export async function leavesOf(store: EventStore): Promise<readonly ReadLeaf[]> {
  const leaves: ReadLeaf[] = [];
  for await (const batch of store.readAll()) {
    for (const stored of batch) leaves.push({ stored, leaf: parseLeafOrThrow(stored.bytes) });
  }
  return leaves;
}

/** The events of one type, in log order. */
export async function leavesOfType(store: EventStore, type: string): Promise<readonly ReadLeaf[]> {
  return (await leavesOf(store)).filter(({ leaf }) => leaf.type === type);
}

/** What happened, without what differs from run to run when leaves take another order: for comparing two runs. */
export async function happenings(store: EventStore): Promise<readonly string[]> {
  const all = (await leavesOf(store)).map(({ leaf: { stream, version, type, day, data } }) =>
    JSON.stringify([stream, version, type, day, data]),
  );
  return all.sort();
}

/** An event for the sweep: public fields only, as an auditor without disclosures sees it. */
export function sweptEvent({ stored, leaf }: ReadLeaf): SweptEvent {
  const { type, data, day, stream } = leaf;
  return { type, data, day, stream, id: stored.id, position: stored.position } as unknown as SweptEvent;
}

/** Follows the money of a whole store; `problems` is empty if each fen has one address and the books agree throughout. */
export async function followTheMoney(
  store: EventStore,
): Promise<{ readonly sweep: LineSweep; readonly problems: readonly (ConservationFinding | string)[] }> {
  const sweep = new LineSweep();
  const books = new TrialBalance();
  const problems: string[] = [];
  for (const read of await leavesOf(store)) {
    const event = sweptEvent(read);
    sweep.fold(event);
    books.post(postings(event));
    problems.push(...disagreements(sweep, books).map((what) => `${what} after leaf ${event.position} (${event.type})`));
  }
  return { sweep, problems: [...sweep.findings, ...problems] };
}

function disagreements(sweep: LineSweep, books: TrialBalance): readonly string[] {
  const problems: string[] = [];
  const { outstanding: _, ...states } = sweep.totals();
  const sum = Object.values(states).reduce((total, amount) => total + amount, 0);
  if (sum !== sweep.intakeMinor) problems.push(`states sum to ${sum}, intake is ${sweep.intakeMinor}`);
  if (books.sum() !== 0) problems.push(`the trial balance is ${books.sum()}`);
  const actual = books.balances();
  for (const [account, expected] of Object.entries(expectedBalances(sweep))) {
    const balance = actual[account as keyof typeof actual];
    if (balance !== expected) problems.push(`${account} is ${balance} in the books and ${expected} on the lines`);
  }
  return problems;
}
