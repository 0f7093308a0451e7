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

/** Follows the money through a store as it grows; `problems` stays empty while each fen has one address and the books agree. */
export class MoneyTrail {
  readonly sweep = new LineSweep();
  private readonly books = new TrialBalance();
  private readonly disagreements: string[] = [];
  private position = 0;

  /** Takes in what is new. */
  async follow(store: EventStore): Promise<void> {
    for await (const batch of store.readAll({ from: this.position })) {
      for (const stored of batch) {
        const event = sweptEvent({ stored, leaf: parseLeafOrThrow(stored.bytes) });
        this.sweep.fold(event);
        this.books.post(postings(event));
        const found = disagreements(this.sweep, this.books);
        this.disagreements.push(...found.map((what) => `${what} after leaf ${event.position} (${event.type})`));
        this.position = stored.position + 1;
      }
    }
  }

  get problems(): readonly (ConservationFinding | string)[] {
    return [...this.sweep.findings, ...this.disagreements];
  }
}

/** Follows the money of a whole store. */
export async function followTheMoney(store: EventStore): Promise<MoneyTrail> {
  const trail = new MoneyTrail();
  await trail.follow(store);
  return trail;
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
  for (const batch of sweep.batches.values()) {
    const { issued, redeemed } = batch.line.totals;
    const accountedFor = issued + redeemed + batch.expiredMinor + batch.cancelledMinor + batch.reversedMinor;
    if (accountedFor !== batch.issuedMinor)
      problems.push(`${batch.name} issued ${batch.issuedMinor}, accounted for ${accountedFor}`);
  }
  return problems;
}
