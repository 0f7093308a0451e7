import {
  broughtKeysOf,
  commandConcept,
  commandProblem,
  entitle,
  type AnyCommand,
  type CalendarState,
  type DomainEvent,
  type LedgerState,
  type SignerView,
} from '@aidtrail/domain';
import {
  base64DecodeOrThrow,
  isAcceptablePublicKey,
  isUuid,
  type Leaf,
  type LeafCommand,
  type Sha1,
  type Sha256,
} from '@aidtrail/envelope';
import type { Report } from '../findings/finding.js';
import type { StreamStates } from '../replay/stream-states.js';
import { Anchors } from './anchors.js';
import { Decisions } from './decision.js';
import { effectCommandOf, isEffect } from './effect-commands.js';
import { FactWindow } from './fact-window.js';
import { FactsOfLeaf } from './facts-of-leaf.js';
import { isSame } from '../findings/json-difference.js';
import type { LeafUnderAudit, ReadLeaf } from './leaf-under-audit.js';
import { NotChecked } from './not-checked.js';
import { PublicKeys } from './public-keys.js';
import { signatoriesOf, type Signatory } from './signatories.js';
import { SignatureJobs, type OnSignature } from './signature-jobs.js';
import { UsedIds } from './used-ids.js';

export interface RuleTools {
  readonly origin: string;
  readonly states: StreamStates;
  readonly report: Report;
  readonly onSignature: OnSignature;
  readonly sha256: Sha256;
  readonly sha1: Sha1;
}

type SignedBy = Extract<LeafCommand, { readonly body: unknown }>;

/** The events that must still follow of what was decided at an earlier leaf. */
interface Continuation {
  readonly first: Leaf;
  /** The event after the first has the index 1. */
  readonly events: readonly DomainEvent[];
  readonly next: number;
  readonly comparePrivate: boolean;
}

/**
 * Of each leaf: did those sign it who were entitled to, and is it what the deciders of its stream make of the command, on
 * the facts that it names? What the write path does before it appends (docs/architecture.md), done once more after.
 */
export class RuleChecks {
  readonly window: FactWindow;
  readonly anchors: Anchors;
  readonly notChecked = new NotChecked();
  readonly signatures: SignatureJobs;
  private readonly ids: UsedIds;
  private readonly keys: PublicKeys;
  private readonly facts: FactsOfLeaf;
  private readonly decisions: Decisions;
  private readonly report: Report;
  private pending: Continuation | undefined;

  constructor(private readonly tools: RuleTools) {
    const { report } = tools;
    this.report = report;
    this.window = new FactWindow(tools.states);
    this.anchors = new Anchors(report);
    this.signatures = new SignatureJobs(tools.onSignature);
    this.ids = new UsedIds(tools.sha1);
    this.keys = new PublicKeys(tools.sha256);
    this.facts = new FactsOfLeaf(this.window, report);
    this.decisions = new Decisions({ report, facts: this.facts, notChecked: this.notChecked });
  }

  /** Before the leaf is folded. */
  take(leaf: LeafUnderAudit): void {
    this.checkLedgerSignature(leaf);
    const { command, type } = leaf.parts.leaf;
    if (this.isContinued(leaf)) return;
    if ('body' in command) this.checkCommand(leaf, command);
    else if (isEffect(type)) this.checkEffect(leaf);
    else {
      this.useId(leaf);
      this.report({ code: 'command_missing', leaf: leaf.index, subject: leaf.parts.leaf.stream });
    }
  }

  /** A leaf of an unknown type, after which nothing can be checked: whether the ledger has signed it can. */
  takeUnknown(leaf: ReadLeaf): void {
    // A newer ledger may open otherwise; then its key is not known either.
    const ledger = this.facts.peek('ledger-main')?.state as LedgerState | undefined;
    if (ledger?.status === 'open') this.checkLedgerSignature(leaf);
  }

  end(size: number): void {
    if (this.pending !== undefined) this.reportMissingEvents(this.pending, size);
  }

  private checkLedgerSignature(leaf: ReadLeaf): void {
    const { sig, type, data } = leaf.parts.leaf;
    const ledger = this.facts.peek('ledger-main')?.state as LedgerState | undefined;
    const eventKey =
      ledger?.status === 'open' ? ledger.eventKey : type === 'LedgerOpened' ? data['eventKey'] : undefined;
    const key = typeof eventKey === 'string' ? this.keys.get(eventKey) : undefined;
    if (key?.keyId === sig.key) this.signatures.ofLedger(leaf, key.bytes);
    else
      this.report({ code: 'event_key_wrong', leaf: leaf.index, ...(key && { expected: key.keyId }), actual: sig.key });
  }

  /** The leaf's id, and that of its command, count as used from here on. */
  private useId({ index, parts }: LeafUnderAudit, command?: string): void {
    const { id } = parts.leaf;
    const problems = command === undefined ? this.ids.use(id) : this.ids.useDerived(id, command);
    const { expected, isCommandRepeated, isUsed } = problems;
    if (isCommandRepeated) this.report({ code: 'command_repeated', leaf: index, subject: command ?? id });
    if (expected !== undefined) this.report({ code: 'id_not_derived', leaf: index, expected, actual: id });
    if (isUsed) this.report({ code: 'id_used', leaf: index, subject: id });
  }

  private checkCommand(leaf: LeafUnderAudit, { body, sigs }: SignedBy): void {
    const { index, disclosed, home, before } = leaf;
    const { stream } = leaf.parts.leaf;
    this.useId(leaf, body.id);
    if (body.log !== this.tools.origin) this.report({ code: 'wrong_log', leaf: index, actual: body.log });
    const spec = commandConcept(body.type)?.commands[body.type];
    const problem = commandProblem(body.type, body.data, disclosed?.command);
    if (spec === undefined || problem !== undefined) {
      const code = problem?.path.startsWith('private') === true ? 'disclosure_malformed' : 'command_malformed';
      this.report({ code, leaf: index, subject: stream, expected: `${problem?.path}: ${problem?.expected}` });
      return;
    }
    const { type, id, data } = body;
    const command = { type, id, data, private: disclosed?.command ?? {} } as unknown as AnyCommand;
    this.facts.begin(leaf.parts.leaf, index);
    const signatories = signatoriesOf(
      { sigs, command, spec, target: { stream, state: before.state } },
      { facts: this.facts, keys: this.keys },
    );
    this.signatures.ofCommand(leaf, signatories);
    const calendar = this.facts.need('calendar-main');
    if (calendar !== undefined) this.checkDay(leaf, [calendar.state as CalendarState]);
    this.anchors.check(body.anchor, index, calendar?.state as CalendarState | undefined);
    if (commandConcept(type) !== home.concept || home.concept.streamOf(command) !== stream) {
      this.report({ code: 'wrong_stream', leaf: index, subject: stream });
      return;
    }
    if (this.facts.incomplete) return;
    const views = this.entitled(leaf, command, signatories);
    if (views !== undefined) this.decide(leaf, command, views);
  }

  private entitled(
    { index, parts }: LeafUnderAudit,
    command: AnyCommand,
    signatories: readonly Signatory[],
  ): readonly SignerView[] | undefined {
    const spec = commandConcept(command.type)?.commands[command.type];
    const { stream: subject } = parts.leaf;
    if (spec === undefined) return undefined;
    const views = entitle(
      spec,
      signatories.map(({ check }) => check),
    );
    if ('refused' in views) {
      this.report({ code: 'not_entitled', leaf: index, subject, expected: views.refused });
      return undefined;
    }
    if (broughtKeysOf(command).some((publicKey) => !isAcceptablePublicKey(base64DecodeOrThrow(publicKey)))) {
      this.report({ code: 'rule_broken', leaf: index, subject, expected: 'public_key_unacceptable' });
      return undefined;
    }
    return views;
  }

  private decide(leaf: LeafUnderAudit, command: AnyCommand, views: readonly SignerView[]): void {
    const { index, parts } = leaf;
    const made = this.decisions.check(leaf, command, views);
    // The stranger whom only a voucher could tell what is wrong with; see `strangerIn`.
    if (made !== undefined && views.some((view) => view.kind === 'holder' && view.publicKey === ''))
      this.report({ code: 'not_entitled', leaf: index, subject: parts.leaf.stream, expected: 'holder_key_wrong' });
    this.expect(leaf, made);
  }

  private checkEffect(leaf: LeafUnderAudit): void {
    const { index, parts, disclosed, home } = leaf;
    const { stream } = parts.leaf;
    this.useId(leaf);
    this.facts.begin(parts.leaf, index);
    if (!this.isToday(parts.leaf)) this.checkDay(leaf, this.calendars(index));
    // The ids that only the ledger can derive are taken from the leaf, so nothing else would hold them to their form.
    if (!isUuid(stream.slice(home.category.length + 1))) {
      this.report({ code: 'wrong_stream', leaf: index, subject: stream });
      return;
    }
    const command = effectCommandOf(parts.leaf, disclosed?.own ?? {}, this.tools.states);
    this.expect(leaf, this.decisions.check(leaf, command, []));
  }

  /** Nearly always it is: then nobody need look at the days before. */
  private isToday({ day }: Leaf): boolean {
    const calendar = this.facts.peek('calendar-main')?.state as CalendarState | undefined;
    return calendar?.status === 'running' && calendar.day === day;
  }

  private *calendars(index: number): Iterable<CalendarState> {
    for (const { state } of this.window.within('calendar-main', index)) yield state as CalendarState;
  }

  /** The day must be that of one of these calendars. */
  private checkDay({ index, parts }: LeafUnderAudit, calendars: Iterable<CalendarState>): void {
    const { day, type, data } = parts.leaf;
    let expected = '';
    for (const calendar of calendars) {
      expected = calendar.status === 'running' ? calendar.day : this.openingDay(type, data);
      if (day === expected) return;
    }
    this.report({ code: 'day_wrong', leaf: index, expected, actual: day });
  }

  private openingDay(type: string, data: Leaf['data']): string {
    const ledger = this.facts.peek('ledger-main')?.state as LedgerState | undefined;
    if (ledger?.status === 'open') return ledger.openingDay;
    return type === 'LedgerOpened' ? (data['openingDay'] as string) : '';
  }

  private expect(leaf: LeafUnderAudit, made: readonly DomainEvent[] | undefined): void {
    if (made === undefined || made.length < 2) return;
    this.pending = { first: leaf.parts.leaf, events: made, next: 1, comparePrivate: leaf.disclosed !== undefined };
  }

  /** Whether the leaf is a further event of what an earlier one began. If it had to be, and is not, that is reported. */
  private isContinued(leaf: LeafUnderAudit): boolean {
    const { pending } = this;
    if (pending === undefined) return false;
    const { first, events, next } = pending;
    const { command, stream, day, facts } = leaf.parts.leaf;
    const ref = 'ref' in first.command ? first.command.ref : first.id;
    if (!('ref' in command) || command.ref !== ref || stream !== first.stream) {
      this.pending = undefined;
      this.reportMissingEvents(pending, leaf.index);
      return false;
    }
    this.useId(leaf);
    if (day !== first.day) this.report({ code: 'day_wrong', leaf: leaf.index, expected: first.day, actual: day });
    if (!isSame(facts, first.facts)) this.report({ code: 'event_differs', leaf: leaf.index, actual: 'facts' });
    this.decisions.compare(leaf, events[next] as DomainEvent, pending.comparePrivate);
    this.pending = next + 1 < events.length ? { ...pending, next: next + 1 } : undefined;
    return true;
  }

  private reportMissingEvents({ first, events, next }: Continuation, leaf: number): void {
    this.report({
      code: 'events_missing',
      leaf,
      subject: first.stream,
      expected: events.length,
      actual: next,
    });
  }
}
