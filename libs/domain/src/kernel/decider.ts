/**
 * A decider: the whole behaviour of one kind of stream, without a clock, randomness or input/output.
 *
 * `decide` answers a command with the events that follow from it, or with a refusal. An empty array means that the
 * command asks for what is already so. `evolve` folds one recorded event into the state; it never throws, so that a
 * stream which an auditor believes to be wrong can still be folded to the end.
 */
export interface Decider<S, C, F, E extends DomainEvent, R extends string> {
  readonly initial: S;
  decide(command: C, state: S, facts: F): readonly E[] | Refusal<R>;
  evolve(state: S, event: Recorded<E>): S;
}

/** An event as its decider makes it: `data` is published; `private` becomes salted disclosures. */
export interface DomainEvent {
  readonly type: string;
  readonly data: object;
  /** Absent when the reader has no disclosures (a public audit), so `evolve` must do without it. */
  readonly private?: object;
}

/** An event as the store knows it. `position` is the leaf index, `day` the ledger's local day (YYYY-MM-DD). */
export type Recorded<E extends DomainEvent> = E & {
  readonly id: string;
  readonly position: number;
  readonly day: string;
};

/** A refusal is a value. `code` is literal, documented, and tested in its order of precedence. */
export interface Refusal<R extends string = string> {
  readonly refused: R;
}

export function refuse<R extends string>(code: R): Refusal<R> {
  return { refused: code };
}

export function isRefusal<R extends string>(outcome: unknown): outcome is Refusal<R> {
  return typeof outcome === 'object' && outcome !== null && 'refused' in outcome;
}

/** A folded stream: what a decider gets to see of another stream, and where it was read. */
export interface Fact<S> {
  readonly stream: string;
  readonly version: number;
  readonly state: S;
}

/**
 * A stream that a command's decision needs. `identifying` facts (a merchant, say) are recorded as a disclosure instead
 * of in the leaf's public `facts`.
 */
export interface FactRequest {
  readonly name: string;
  readonly stream: string;
  readonly identifying?: boolean;
}
