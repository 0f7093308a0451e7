import {
  isRefusal,
  type AnyCommand,
  type Context,
  type DomainEvent,
  type Fact,
  type FactRequest,
  type LedgerState,
  type SettlementState,
  type SignerView,
} from '@aidtrail/domain';
import type { Report } from '../findings/finding.js';
import { assume, type Assumed } from './assumptions/index.js';
import { privateFieldsOf } from './disclosures.js';
import type { FactsOfLeaf } from './facts-of-leaf.js';
import { differenceOf, isSame, type Difference } from '../findings/json-difference.js';
import type { LeafUnderAudit } from './leaf-under-audit.js';
import type { NotChecked } from './not-checked.js';
import { coversRedemption } from './settlement-of-redemption.js';

/** The events that a decider makes of a command, which the log must hold one after the other. */
export type Made = readonly DomainEvent[];

/** What a decider is given: facts by the names under which it asked for them. */
interface DecisionFacts {
  readonly context: Context;
  [name: string]: unknown;
}

interface Tools {
  readonly report: Report;
  readonly facts: FactsOfLeaf;
  readonly notChecked: NotChecked;
}

/** Decides once more what a leaf says was decided: the ledger's own deciders, on the state before, on the facts named. */
export class Decisions {
  constructor(private readonly tools: Tools) {}

  /**
   * Reports it if the command had to be refused or the leaf is not the first event that follows from it. Gives all events
   * that follow, or undefined where that cannot be said.
   */
  check(leaf: LeafUnderAudit, command: AnyCommand, signers: readonly SignerView[]): Made | undefined {
    const { report, facts, notChecked } = this.tools;
    const { index, before, disclosed } = leaf;
    const { data, day, stream } = leaf.parts.leaf;
    const assumed = assume({ command, state: before.state, signers, data, day, disclosed });
    const given = this.gather(leaf, assumed);
    if (facts.incomplete) return undefined;
    facts.end();
    notChecked.add(assumed.notChecked);
    const made = decided(leaf, assumed, given);
    if (made === undefined || isRefusal(made) || made.length === 0) {
      const expected = made === undefined ? 'undecidable' : isRefusal(made) ? made.refused : 'already_done';
      report({ code: 'rule_broken', leaf: index, subject: stream, expected });
      return undefined;
    }
    this.compare(leaf, made[0] as DomainEvent, assumed.notChecked.length === 0);
    return made;
  }

  /** Reports it if the leaf is not this event. */
  compare(leaf: LeafUnderAudit, made: DomainEvent, comparePrivate: boolean): void {
    const { report } = this.tools;
    const { type, data, stream } = leaf.parts.leaf;
    const where = { leaf: leaf.index, subject: stream };
    if (made.type !== type) {
      report({ code: 'event_differs', ...where, expected: made.type, actual: type });
      return;
    }
    if (!isSame(made.data, data)) {
      report({ code: 'event_differs', ...where, actual: pathIn('data', differenceOf(made.data, data)) });
      return;
    }
    const { disclosed } = leaf;
    if (disclosed === undefined || !comparePrivate) return;
    const difference = differenceOf(made.private ?? {}, privateFieldsOf(type, disclosed));
    // Only the name of the field: what it says is not ours to publish.
    if (difference !== undefined)
      report({
        code: 'disclosure_differs',
        ...where,
        actual: pathIn('private', { path: difference.path.slice(0, 1) }),
      });
  }

  private contextOf({ index, parts }: LeafUnderAudit, signers: readonly SignerView[]): Context {
    const ledger = this.tools.facts.peek('ledger-main')?.state as LedgerState | undefined;
    // Nobody published a checkpoint larger than the log was; that it was one, whoever has the tree checks.
    return { day: parts.leaf.day, signers, treeSize: index, k: ledger?.status === 'open' ? ledger.k : 10 };
  }

  /** The context, and facts in rounds, as the write path does: one fact tells which other is needed. */
  private gather(leaf: LeafUnderAudit, assumed: Assumed): DecisionFacts {
    const given: DecisionFacts = { context: this.contextOf(leaf, assumed.signers) };
    const { concept } = leaf.home;
    const without: string[] = [];
    for (let isNew = true; isNew;) {
      isNew = false;
      for (const request of concept.needs(assumed.command, assumed.state, given)) {
        const { name } = request;
        if (given[name] !== undefined || without.includes(name)) continue;
        const fact = request.identifying === true ? this.identifying(leaf, request, assumed) : this.public(request);
        if (fact === undefined) without.push(name);
        else given[name] = fact;
        isNew = true;
      }
    }
    return given;
  }

  private public({ stream }: FactRequest): Fact<unknown> | undefined {
    const folded = this.tools.facts.need(stream);
    return folded && { stream, version: folded.version, state: folded.state };
  }

  /**
   * As disclosed, else as assumed. A request such as `settlement?…` names a stream that only the ledger can work out.
   */
  private identifying(
    leaf: LeafUnderAudit,
    { name, stream }: FactRequest,
    assumed: Assumed,
  ): Fact<unknown> | undefined {
    const [kind, query] = stream.split('?', 2);
    // Some names carry an id, such as `donation:…`.
    const [purpose = name] = name.split(':', 1);
    const found = leaf.disclosed?.facts.find(([one]) =>
      query === undefined ? one === stream : one.startsWith(`${kind}-`),
    );
    if (found !== undefined) {
      const folded = this.tools.facts.resolve(found, purpose);
      if (query !== undefined && folded !== undefined && !coversRedemption(folded.state as SettlementState, query))
        this.tools.facts.missing(purpose);
      return folded && { stream: found[0], version: found[1], state: folded.state };
    }
    const state = assumed.facts?.[name];
    if (state !== undefined) return { stream, version: 0, state };
    // Who has the disclosures sees that one is missing; without them it is not asked for unless it is assumed.
    if (leaf.disclosed !== undefined) this.tools.facts.missing(purpose);
    return undefined;
  }
}

/** Undefined if the decider gives up: what it was given contradicts itself, in a way that no ledger's own state can. */
function decided(
  { home, before }: LeafUnderAudit,
  assumed: Assumed,
  facts: DecisionFacts,
): ReturnType<typeof home.concept.decider.decide> | undefined {
  const command = assumed.complete?.(facts) ?? assumed.command;
  try {
    return home.concept.decider.decide(command, assumed.state ?? before.state, facts);
  } catch {
    return undefined;
  }
}

function pathIn(member: 'data' | 'private', difference: Pick<Difference, 'path'> | undefined): string {
  const path = difference?.path ?? [];
  return `${member}.${path.length === 0 ? 'all' : path.join('.')}`;
}
