import type { AnyCommand, CommandType, SignerView } from '@aidtrail/domain';
import type { JsonObject } from '@aidtrail/envelope';
import type { Disclosed } from '../disclosures.js';

/** A decision as the log shows it, before what only disclosures tell is put in. */
export interface Asked<C extends AnyCommand = AnyCommand> {
  /** With its private fields if they were disclosed, else with none. */
  readonly command: C;
  /** Of its stream, folded with what was disclosed of it. */
  readonly state: unknown;
  readonly signers: readonly SignerView[];
  /** Of the leaf that the decision is compared with. */
  readonly data: JsonObject;
  readonly day: string;
  /** Undefined if nothing of this leaf was disclosed. */
  readonly disclosed: Disclosed | undefined;
}

/**
 * The same with everything in it that a decider asks for. What is not known is assumed in the way that suits the ledger
 * best, outcomes as the leaf has them, so that no refusal that rests on it can be given; those are listed instead.
 */
export interface Assumed {
  readonly command: AnyCommand;
  readonly state: unknown;
  readonly signers: readonly SignerView[];
  /** The states of identifying facts that are not known, by the names under which the decider asks for them. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** The command once the facts are there, where the assumption depends on them. */
  readonly complete?: (facts: Readonly<Record<string, unknown>>) => AnyCommand;
  /** Codes of refusals that were not checked. Lists are compared by identity: they are constants. */
  readonly notChecked: readonly string[];
}

export type Assume<C extends AnyCommand = AnyCommand> = (asked: Asked<C>) => Assumed;
export type Assumptions = {
  readonly [T in CommandType]?: Assume<Extract<AnyCommand, { readonly type: T }>>;
};

/** Stands for an id or a text that is not known; it is equal to itself only. */
export const ASSUMED = 'assumed';

export const ALL_CHECKED: readonly string[] = [];

/** Whose merchant it is, by what was disclosed of the leaf: a field, or the fact that it rests on. */
export function merchantIn(disclosed: Disclosed | undefined): string | undefined {
  const field = disclosed?.all['merchant'];
  if (typeof field === 'string') return field;
  return idOf('merchant-', disclosed);
}

/** The id in the first disclosed fact whose stream is of this kind. */
export function idOf(prefix: string, disclosed: Disclosed | undefined): string | undefined {
  return disclosed?.facts.find(([stream]) => stream.startsWith(prefix))?.[0].slice(prefix.length);
}
