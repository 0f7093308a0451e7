import { settle, type OfType, type SettlementState, type SweptEvent } from '@aidtrail/domain';
import type { AuditedLeaf, CheckTools, StateLookup } from '../audit/leaf-check.js';
import { differenceOf } from '../effects/difference.js';
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
  /** By approved settlements: passed on, less what later ones took over; neither may fall below 0. */
  private carriedMinor = 0;
  private withheldMinor = 0;

  constructor({ report, states }: CheckTools) {
    this.report = report;
    this.states = states;
  }

  take(leaf: AuditedLeaf): void {
    const { event, before } = leaf;
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

  /** The balances that it started from are those that it ends with, less what it says that it added itself. */
  private prepared(leaf: AuditedLeaf, { figures, previous }: Known, data: Data<'SettlementPrepared'>): void {
    this.same(leaf, figures, data);
    const before = {
      carriedOutMinor: data.carriedInMinor,
      withheldBalanceMinor: data.withheldBalanceMinor - data.withheldMinor + data.releasedMinor,
      recoverableBalanceMinor: data.recoverableBalanceMinor + data.recoveredMinor - data.recoverableMinor,
    };
    const expected = settle({ ...data, before });
    const difference = partDiffers(expected, data);
    if (difference !== undefined) this.find('settlement_arithmetic', leaf, difference);
    const negative = Object.entries(before).find(([, amount]) => amount < 0);
    if (negative !== undefined) this.find('settlement_arithmetic', leaf, { expected: 0, actual: negative.join(' ') });
    if (previous === undefined) return;
    const passedOn = adjustedOf(this.states.stateOf(`settlement-${previous}`)?.state as SettlementState | undefined);
    if (passedOn === undefined || partDiffers(before, passedOn) !== undefined) this.find('balance_differs', leaf, {});
  }

  private approved(leaf: AuditedLeaf, body: Known, netMinor: number): void {
    this.sameNet(leaf, body, netMinor);
    const adjusted = adjustedOf(body);
    if (adjusted === undefined) return;
    this.carriedMinor -= adjusted.carriedInMinor;
    this.withheldMinor -= adjusted.releasedMinor;
    if (this.carriedMinor < 0 || this.withheldMinor < 0) this.find('balance_taken_twice', leaf, {});
    this.carriedMinor = Math.max(0, this.carriedMinor) + adjusted.carriedOutMinor;
    this.withheldMinor = Math.max(0, this.withheldMinor) + adjusted.withheldMinor;
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

function adjustedOf(state: SettlementState | undefined): Adjusted | undefined {
  if (state?.status === 'held') return adjustedOf(state.resume);
  return state !== undefined && 'adjusted' in state ? state.adjusted : undefined;
}

/** The first field of `expected` that is another one in `actual`, which may have more. */
function partDiffers(expected: object, actual: object) {
  const given = actual as Readonly<Record<string, unknown>>;
  for (const [field, value] of Object.entries(expected)) {
    const difference = differenceOf(value, given[field], field);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
