import {
  commandConcept,
  isRefusal,
  type AnyCommand,
  type Context,
  type DomainEvent,
  type Effect,
} from '@aidtrail/domain';
import { uuidV5, type Sha1 } from '@aidtrail/envelope';
import { createTreeHasher, type TreeHasher } from '@aidtrail/public-log';
import type { AuditedLeaf, CheckTools, StateLookup } from '../audit/leaf-check.js';
import type { Finding, Report } from '../findings/finding.js';
import { DerivedIds } from '../replay/derived-ids.js';
import { differenceOf } from '../findings/json-difference.js';
import type { EffectFindingCode } from './effect-findings.js';

/** An effect that a leaf should be, and what its decision rests on besides the leaf's own stream. */
export interface DueEffect {
  readonly cause: string;
  readonly effect: Effect<AnyCommand>;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** What the watches of the policies have in common: how an effect is decided again, compared and reported. */
export class EffectDesk {
  readonly states: StateLookup;
  readonly hasher: TreeHasher;
  private readonly report: Report;
  private readonly sha1: Sha1;
  private readonly derivedIds: DerivedIds;

  constructor({ report, states, sha256, sha1 }: CheckTools) {
    this.report = report;
    this.states = states;
    this.sha1 = sha1;
    this.derivedIds = new DerivedIds(sha1);
    this.hasher = createTreeHasher(sha256);
  }

  /** Reports something about a leaf, under the stream that it is about. */
  find(code: EffectFindingCode, leaf: number, more: Omit<Finding, 'code' | 'leaf'>): void {
    this.report({ code, leaf, ...more });
  }

  checkId(leaf: AuditedLeaf, cause: string, index: number): void {
    const { id: actual, stream: subject } = leaf.event;
    const name = String(index);
    if (!this.derivedIds.follows(actual, cause, name))
      this.find('effect_id_differs', leaf.index, { subject, expected: uuidV5(cause, name, this.sha1), actual });
  }

  /** Decides the effect again, on the state of its stream before the leaf, and compares id, stream, type and data. */
  check(leaf: AuditedLeaf, due: DueEffect): void {
    const { cause, effect } = due;
    this.checkId(leaf, cause, effect.index);
    const events = this.decide(leaf, due);
    if (isRefusal(events)) this.notDue(leaf, events.refused);
    else this.compare(leaf, effect.stream, events[0]);
  }

  /** What the stream's own decider makes of an effect, on its state before the leaf. */
  decide(leaf: AuditedLeaf, { effect, facts }: DueEffect): ReturnType<typeof decideEffect> {
    return decideEffect(effect, leaf.before.state, { day: leaf.event.day, facts });
  }

  /** Undefined: the effect is nothing, for the stream is in that state already. */
  compare(leaf: AuditedLeaf, stream: string, expected: DomainEvent | undefined): void {
    const { event, index } = leaf;
    const subject = event.stream;
    if (expected === undefined) this.notDue(leaf, 'nothing_to_do');
    else if (stream !== subject) this.find('effect_differs', index, { subject, expected: stream, actual: subject });
    else if (expected.type !== event.type)
      this.find('effect_differs', index, { subject, expected: expected.type, actual: event.type });
    else {
      const difference = differenceOf(expected.data, event.data);
      if (difference !== undefined)
        this.find('effect_differs', index, { subject, expected: difference.expected, actual: difference.actual });
    }
  }

  /** Compares what is disclosed of the leaf's event with what its decider made private. */
  comparePrivate(leaf: AuditedLeaf, expected: object | undefined): void {
    const disclosed = 'private' in leaf.event ? (leaf.event.private as Readonly<Record<string, unknown>>) : undefined;
    if (disclosed === undefined) return;
    const made = (expected ?? {}) as Readonly<Record<string, unknown>>;
    for (const field of new Set([...Object.keys(made), ...Object.keys(disclosed)])) {
      if (field === FACTS || differenceOf(made[field], disclosed[field]) === undefined) continue;
      this.privateDiffers(leaf, field);
      return;
    }
  }

  /** Of what is disclosed, only the name of the field is told. */
  privateDiffers({ index, event }: AuditedLeaf, field: string): void {
    this.find('private_effect_differs', index, { subject: event.stream, expected: field });
  }

  notDue({ index, event }: AuditedLeaf, why: string): void {
    this.find('effect_not_due', index, { subject: event.stream, expected: why, actual: event.type });
  }
}

/** The disclosure of the streams that a decision rested on; no field of the event. */
const FACTS = 'facts';

/**
 * The decider of the effect's stream, on a state of it. Nobody signs an effect, none depends on tree size or k, and no
 * decider of such a command looks at its id, which is that of its event.
 */
export function decideEffect(
  effect: Effect<AnyCommand>,
  state: unknown,
  { day, facts }: { readonly day: string; readonly facts?: Readonly<Record<string, unknown>> | undefined },
) {
  const { type, data } = effect.command;
  const concept = commandConcept(type);
  if (concept === undefined) throw new Error('A policy asks for a command that no concept has.');
  const context: Context = { day, signers: [], treeSize: 0, k: 0 };
  const command = { type, id: '', data, private: 'private' in effect.command ? effect.command.private : undefined };
  return concept.decider.decide(
    command as AnyCommand,
    state,
    facts === undefined ? { context } : { context, ...facts },
  );
}

/** The id of the stream's entity: what follows the category. */
export function idIn(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}
