import { eventProblem, type LedgerState, type SweptEvent } from '@aidtrail/domain';
import { MalformedInput, readLeafOrThrow, type LeafParts, type Sha1, type Sha256 } from '@aidtrail/envelope';
import { createEffectChecks, type MoneySummary } from '../effects/effect-checks.js';
import { FiguresCheck, type FiguresSummary } from '../figures/figures-check.js';
import type { Report } from '../findings/finding.js';
import type { DayStart, LedgerDays } from '../log/days-ahead.js';
import type { FoldedStream } from '../replay/states.js';
import { evolved, isOfCategory, StreamStates, type Home } from '../replay/stream-states.js';
import type { AnchorClaim } from '../rules/anchors.js';
import { openDisclosures, privateFieldsOf, type Disclosed } from '../rules/disclosures.js';
import { RuleChecks } from '../rules/rule-checks.js';
import type { SignatureJob } from '../rules/signature-jobs.js';
import { AuditStopped } from './audit-stopped.js';
import type { LeafCheck } from './leaf-check.js';

export type { AnchorClaim, SignatureJob };

export interface LedgerAuditOptions {
  /** The log's name, as its checkpoints say it. */
  readonly origin: string;
  readonly sha256: Sha256;
  readonly sha1: Sha1;
  readonly report: Report;
  /** Gets each signature; it may be verified later and elsewhere, from copies of the bytes. */
  readonly onSignature: (job: SignatureJob) => void;
  /** The disclosures of a leaf by its index, for an auditor who was given any; undefined where they are gone. */
  readonly disclosuresOf?: (index: number) => readonly string[] | undefined;
  /** What else is to look at each leaf, after the audit's own checks. */
  readonly moreChecks?: readonly LeafCheck[];
}

export interface AuditSummary extends MoneySummary, LedgerDays {
  readonly leaves: number;
  readonly signatures: Readonly<Record<SignatureJob['by'], number>>;
  readonly streams: number;
  readonly vouchers: number;
  readonly days: number;
  /** Smallest number of vouchers in a published cell. */
  readonly k: number;
  readonly figures: FiguresSummary;
  /** Refusal code → leaves of which it could not be checked whether it had to be given. */
  readonly notChecked: Readonly<Record<string, number>>;
}

/** More versions than a stream can have; a packed state's would not fit. */
const VERSIONS = 2 ** 32;

/**
 * Audits the leaves of a log, one after the other: each is a well-formed event, signed by those who were entitled, and
 * what the ledger's own rules make of its command; then what the checks of effects and of money say. Everything that is
 * wrong becomes a finding, and the audit goes on.
 */
export class LedgerAudit {
  private readonly states = new StreamStates();
  private readonly rules: RuleChecks;
  private readonly checks: readonly LeafCheck[];
  private readonly money: () => MoneySummary;
  private readonly figures: FiguresCheck;
  private readonly dayStarts: DayStart[] = [];
  private size = 0;

  constructor(private readonly options: LedgerAuditOptions) {
    const { origin, report, onSignature, sha256, sha1 } = options;
    this.rules = new RuleChecks({ origin, states: this.states, report, onSignature, sha256, sha1 });
    const hasDisclosures = options.disclosuresOf !== undefined;
    const effects = createEffectChecks({ report, states: this.states, sha256, sha1, hasDisclosures });
    this.figures = new FiguresCheck({ report, sha256, states: this.states });
    this.checks = [...effects.checks, this.figures, ...(options.moreChecks ?? [])];
    this.money = () => effects.summary();
  }

  /**
   * The next leaf, in log order, starting at 0; keeps none of the bytes. Throws only `AuditStopped`, for an event type that
   * this version does not know; whether the ledger has signed that leaf is checked all the same.
   */
  take(bytes: Uint8Array): void {
    const index = this.size;
    this.size += 1;
    const parts = this.read(bytes, index);
    if (parts === undefined) return;
    const { type, stream, log } = parts.leaf;
    const home = this.states.homeOfType(type);
    if (log !== this.options.origin) this.options.report({ code: 'wrong_log', leaf: index, actual: log });
    if (home === undefined) {
      this.rules.takeUnknown({ index, bytes, parts });
      throw new AuditStopped(index, type);
    }
    if (!isOfCategory(stream, home.category)) {
      this.options.report({ code: 'wrong_stream', leaf: index, subject: stream });
      return;
    }
    this.takeEvent({ index, bytes, parts, home });
  }

  /** After the last leaf. */
  end(): AuditSummary {
    this.rules.end(this.size);
    for (const check of this.checks) check.end();
    const ledger = this.states.stateOf('ledger-main')?.state as LedgerState | undefined;
    const terms = ledger?.status === 'open' ? ledger : { k: 0, utcOffsetMinutes: 0, demo: false };
    return {
      ...this.money(),
      leaves: this.size,
      signatures: this.rules.signatures.counts,
      streams: this.states.size,
      vouchers: this.states.homeOfStream('voucher-')?.states.size ?? 0,
      days: this.states.stateOf('calendar-main')?.version ?? 0,
      dayStarts: this.dayStarts,
      utcOffsetMinutes: terms.utcOffsetMinutes,
      isDemo: terms.demo,
      k: terms.k,
      figures: this.figures.summary(),
      notChecked: this.rules.notChecked.counts(),
    };
  }

  /** Distinct anchors named so far, to be compared with the roots of the tree. */
  anchors(): Iterable<AnchorClaim> {
    return this.rules.anchors.all();
  }

  private read(bytes: Uint8Array, index: number): LeafParts | undefined {
    try {
      return readLeafOrThrow(bytes);
    } catch (error) {
      if (!(error instanceof MalformedInput)) throw error;
      this.options.report({ code: 'leaf_malformed', leaf: index, actual: error.code });
      return undefined;
    }
  }

  private takeEvent(at: {
    readonly index: number;
    readonly bytes: Uint8Array;
    readonly parts: LeafParts;
    readonly home: Home;
  }): void {
    const { report } = this.options;
    const { index, bytes, home, parts } = at;
    const { type, stream, version, data } = parts.leaf;
    const before = home.states.get(stream) ?? { version: 0, state: home.concept.decider.initial };
    const next = before.version + 1;
    if (version !== next)
      report({ code: 'version_not_next', leaf: index, subject: stream, expected: next, actual: version });
    // One gap, or one repetition, is one finding.
    const counted = version < VERSIONS ? version : next;
    const problem = eventProblem(type, data);
    if (problem !== undefined) {
      report({
        code: 'event_malformed',
        leaf: index,
        subject: stream,
        expected: `${problem.path}: ${problem.expected}`,
      });
      this.fold(at, before, { version: counted, state: before.state });
      return;
    }
    const disclosed = this.disclosedOf(index, parts);
    // Before the opening there are no keys, no day and no rules that anything could be held against.
    if (index === 0 && type !== 'LedgerOpened') report({ code: 'opening_misplaced', leaf: 0, actual: type });
    else this.rules.take({ index, bytes, parts, home, before, disclosed });
    const event = eventOf(index, parts, disclosed);
    if (event.type === 'DayStarted') this.dayStarts.push({ leaf: index, day: event.data.day });
    const after = { version: counted, state: evolved(home, before, event) };
    this.fold(at, before, after);
    for (const check of this.checks) check.take({ index, leaf: parts.leaf, event, before, after });
  }

  private fold(
    { index, home, parts }: { readonly index: number; readonly home: Home; readonly parts: LeafParts },
    before: FoldedStream,
    after: FoldedStream,
  ): void {
    const { stream } = parts.leaf;
    home.states.set(stream, after);
    this.rules.window.changed({ category: home.category, stream }, { before, after }, index);
  }

  private disclosedOf(index: number, { leaf }: LeafParts): Disclosed | undefined {
    const { disclosuresOf, report, sha256 } = this.options;
    const given = disclosuresOf?.(index);
    if (given === undefined) return undefined;
    const disclosed = openDisclosures(leaf, given, sha256);
    if (disclosed === undefined) {
      report({ code: 'disclosure_mismatch', leaf: index, subject: leaf.stream });
      return undefined;
    }
    const problem = eventProblem(leaf.type, leaf.data, privateFieldsOf(leaf.type, disclosed));
    if (problem === undefined) return disclosed;
    report({
      code: 'disclosure_malformed',
      leaf: index,
      subject: leaf.stream,
      expected: `${problem.path}: ${problem.expected}`,
    });
    return undefined;
  }
}

function eventOf(position: number, { leaf }: LeafParts, disclosed: Disclosed | undefined): SweptEvent {
  const { type, data, id, day, stream } = leaf;
  const isPrivate = disclosed !== undefined && Object.keys(disclosed.all).length > 0;
  const event = isPrivate
    ? { type, data, private: disclosed.all, id, position, day, stream }
    : { type, data, id, position, day, stream };
  return event as unknown as SweptEvent;
}
