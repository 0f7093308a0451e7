import type { Decider, DomainEvent, FactRequest } from './decider.js';
import type { Role } from './fields.js';
import type { Packing } from './packing.js';
import type { CommandSpec, EventSpec } from './table.js';

/** A signer as the log knows it at the moment of the decision. Organisation, store and campaigns are private. */
export interface EnrolledSigner {
  readonly kind: 'enrolled';
  readonly keyId: string;
  readonly role: Role;
  /** The public pseudonym; keys of tills, channels and services may have none. */
  readonly officer?: string;
  readonly organisation?: string;
  readonly store?: string;
  /** Absent: every campaign. */
  readonly campaigns?: readonly string[];
}

/** A second signer whose key the log does not know: a voucher's holder. */
export interface HolderSigner {
  readonly kind: 'holder';
  /** base64 of 32 bytes */
  readonly publicKey: string;
}

export type SignerView = EnrolledSigner | HolderSigner;

/** What every decision is given. `signers` is empty for policy commands. */
export interface Context {
  /** Day of the latest DayStarted, or the opening day. */
  readonly day: string;
  /** In the order of the signatures; checked (signature, approval, role) before `decide` is called. */
  readonly signers: readonly SignerView[];
  /** Size of the latest signed checkpoint. */
  readonly treeSize: number;
  /** Smallest number of vouchers in a published cell. */
  readonly k: number;
}

/** `L1`: anyone can check it from public leaves. `L2`: it needs disclosures. */
export type Level = 'L1' | 'L2';

/** One refusal: where it stands in the order of precedence is its place in its record. */
export interface RefusalText {
  readonly level: Level;
  readonly zh: string;
  readonly en: string;
}

/**
 * A concept of the domain: one kind of stream, all that can be asked of it and all that can happen to it.
 */
export interface Concept<
  Category extends string,
  S,
  C extends { readonly type: string; readonly id: string; readonly data: object },
  F extends { readonly context: Context },
  E extends DomainEvent,
  R extends string,
> {
  /** Streams are named `category-id`. */
  readonly category: Category;
  readonly events: Record<string, EventSpec>;
  readonly commands: Record<string, CommandSpec>;
  /** In order of precedence: when several apply, the first is given. */
  readonly refusals: Readonly<Record<R, RefusalText>>;
  readonly decider: Decider<S, C, F, E, R>;
  /** How states rest in little memory; for the concepts of which a ledger has hundreds of thousands of streams. */
  readonly packing?: Packing<S>;
  /** The stream that decides the command. */
  streamOf(command: C): string;
  /**
   * Which other streams the decision needs, given those that are there already; called again until it asks for nothing
   * new. A fact is the folded state of its stream, in `facts` under its name as a `Fact`.
   */
  needs(command: C, state: S, have: Readonly<Record<string, unknown>>): readonly FactRequest[];
}
