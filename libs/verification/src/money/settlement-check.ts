import { settle, type OfType, type SettlementState, type SweptEvent } from '@aidtrail/domain';
import type { AuditedLeaf, CheckTools, StateLookup } from '../audit/leaf-check.js';
import { differenceOf } from '../findings/json-difference.js';
import type { Finding } from '../findings/finding.js';
import type { MoneyFindingCode } from './money-findings.js';

type Known = Exclude<SettlementState, { status: 'none' | 'held' }>;
type Adjusted = Extract<SettlementState, { status: 'prepared' }>['adjusted'];
type Data<K extends SweptEvent['type']> = OfType<SweptEvent, K>['data'];

/**
 * Each settlement by itself: proposed once, prepared on the figures that were proposed, its arithmetic, and paid once, what
 * was approved. What settlements carry forward is taken over by later ones at most once.
 */
export class SettlementCheck {
  private readonly report: CheckTools['report'];
  private readonly states: StateLookup;
  /** What approved settlements passed on, less what later ones took over. */
  private readonly passedOn = { ...NO_BALANCES };
  /** Digests of all bank accounts that merchants ever gave. Which of them was paid, only disclosures tell. */
  private readonly bankAccounts = new Set<string>();

  constructor({ report, states }: CheckTools) {
    this.report = report;
    this.states = states;
  }

  /** A merchant, or a merchant's next bank account. */
  bankAccount(digest: string): void {
    this.bankAccounts.add(digest);
  }

  take(leaf: AuditedLeaf): void {
    const { event, before } = leaf;
    if (event.type === 'PaymentInstructed') this.instructed(leaf, event.private?.bankDigest);
    const state = before.state as SettlementState;
    const body = state.status === 'held' ? state.resume : state;
    if (event.type === 'SettlementProposed') {
      if (body.status !== 'none') this.find('settlement_counted_twice', leaf, {});
    } else if (body.status === 'none') this.find('settlement_differs', leaf, { expected: 'SettlementProposed' });
    else if (event.type === 'SettlementPrepared') this.prepared(leaf, body, event.data);
    else if (event.type === 'SettlementApproved') this.approved(leaf, body, event.data.netMinor);
    else if (event.type === 'SettlementPaid') this.paid(leaf, body, event.data);
    else if ('netMinor' in event.data) this.sameNet(leaf, body, event.data.netMinor);
  }

  /** The finding does not repeat the digest: beside a merchant's public name, it would tell whose the settlement is. */
  private instructed(leaf: AuditedLeaf, bankDigest: string | undefined): void {
    if (bankDigest !== undefined && !this.bankAccounts.has(bankDigest)) this.find('bank_account_unknown', leaf, {});
  }

  private prepared(leaf: AuditedLeaf, body: Known, data: Data<'SettlementPrepared'>): void {
    this.same(leaf, body.figures, data);
    const before = takenOver(body.figures, data);
    const difference = partDiffers(settle({ ...data, before }), data);
    if (difference !== undefined) this.find('settlement_arithmetic', leaf, difference);
    // What is released was withheld before.
    const parts = { ...before, unreleasedMinor: before.withheldBalanceMinor - data.releasedMinor };
    const negative = Object.entries(parts).find(([, amount]) => amount < 0);
    if (negative !== undefined) this.find('settlement_arithmetic', leaf, { expected: 0, actual: negative.join(' ') });
    const passedOn = this.passedOnTo(body);
    const other = passedOn === undefined ? undefined : partDiffers(before, passedOn);
    if (other !== undefined) this.find('balance_differs', leaf, other);
  }

  /** The balances of the merchant's settlement before; undefined unless its merchant is disclosed. */
  private passedOnTo({ merchant, previous }: Known): object | undefined {
    if (merchant === undefined) return undefined;
    if (previous === undefined) return NO_BALANCES;
    return adjustedOf(this.states.stateOf(`settlement-${previous}`)?.state as SettlementState | undefined) ?? {};
  }

  private approved(leaf: AuditedLeaf, body: Known, netMinor: number): void {
    this.sameNet(leaf, body, netMinor);
    const adjusted = adjustedOf(body);
    if (adjusted === undefined) return;
    const before = takenOver(body.figures, adjusted);
    for (const field of BALANCES) {
      const left = this.passedOn[field] - before[field];
      if (left < 0) this.find('balance_taken_twice', leaf, { expected: `${field}: ${this.passedOn[field]}` });
      this.passedOn[field] = Math.max(0, left) + adjusted[field];
    }
  }

  private paid(leaf: AuditedLeaf, body: Known, data: Data<'SettlementPaid'>): void {
    const isDue = body.status === 'instructed' || (body.status === 'approved' && body.adjusted.netMinor === 0);
    if (!isDue) {
      this.find('settlement_paid_twice', leaf, { expected: 'instructed', actual: body.status });
      return;
    }
    const { figures, adjusted, netted } = body;
    const { netMinor, carriedOutMinor } = adjusted;
    const recoveredMinor = netted ? 0 : adjusted.recoveredMinor;
    this.same(leaf, { ...figures, netMinor, carriedOutMinor, recoveredMinor }, data);
  }

  private sameNet(leaf: AuditedLeaf, body: Known, netMinor: number): void {
    const expected = adjustedOf(body)?.netMinor;
    if (expected !== netMinor)
      this.find('settlement_differs', leaf, { expected: expected ?? 'SettlementPrepared', actual: netMinor });
  }

  private same(leaf: AuditedLeaf, expected: object, actual: object): void {
    const difference = partDiffers(expected, actual);
    if (difference !== undefined) this.find('settlement_differs', leaf, difference);
  }

  private find(code: MoneyFindingCode, { index, event }: AuditedLeaf, more: Omit<Finding, 'code' | 'leaf'>): void {
    this.report({ code, leaf: index, subject: event.stream, ...more });
  }
}

const BALANCES = ['carriedOutMinor', 'withheldBalanceMinor', 'recoverableBalanceMinor'] as const;
const NO_BALANCES = { carriedOutMinor: 0, withheldBalanceMinor: 0, recoverableBalanceMinor: 0 };
type Balances = Readonly<Record<(typeof BALANCES)[number], number>>;

/** The balances that a settlement started from: those that it ends with, less what it says that it added itself. */
function takenOver({ recoverableMinor }: Known['figures'], adjusted: Adjusted): Balances {
  return {
    carriedOutMinor: adjusted.carriedInMinor,
    withheldBalanceMinor: adjusted.withheldBalanceMinor - adjusted.withheldMinor + adjusted.releasedMinor,
    recoverableBalanceMinor: adjusted.recoverableBalanceMinor + adjusted.recoveredMinor - recoverableMinor,
  };
}

function adjustedOf(state: SettlementState | undefined): Adjusted | undefined {
  if (state?.status === 'held') return adjustedOf(state.resume);
  return state !== undefined && 'adjusted' in state ? state.adjusted : undefined;
}

/** The first field of `expected` that is another one in `actual`, which may have more. */
function partDiffers(expected: object, actual: object) {
  const given = actual as Readonly<Record<string, unknown>>;
  for (const [field, value] of Object.entries(expected)) {
    const difference = differenceOf(value, given[field], [field]);
    if (difference !== undefined) return { expected: difference.expected, actual: difference.actual };
  }
  return undefined;
}
