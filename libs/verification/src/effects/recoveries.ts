import { reactToPayment, type AnyCommand, type Effect, type OfType, type Recovery } from '@aidtrail/domain';
import type { AuditedLeaf } from '../audit/leaf-check.js';
import { CauseBook, type OpenCause, type OpenCauses } from './causes.js';
import { idIn, type EffectDesk } from './effect-desk.js';
import { eventAs, type PolicyWatch } from './policy-watch.js';

type RecoveryEffect = Effect<OfType<AnyCommand, 'RecoverFunds'>>;

interface Netting extends OpenCause {
  readonly cause: Recovery['cause'];
  readonly settlement: string;
  /** What must come, in order; undefined unless the merchant's reversals are disclosed. */
  readonly due: readonly RecoveryEffect[] | undefined;
  come: number;
  leftMinor: number;
}

/** The debts of one merchant, as far as disclosed. */
interface Debts {
  readonly reversals: Recovery['reversals'][number][];
  recoveredMinor: number;
}

/**
 * SettlementPaid that netted a debt → just so many recoverable fen come home. Which reversals they are of follows from the
 * merchant, so from public leaves one sees how many, that they were recoverable, and where they went.
 */
export class RecoveryWatch implements PolicyWatch {
  private readonly nettings: CauseBook<Netting>;
  private readonly debts = new Map<string, Debts>();
  /** Whether some reversal that made fen recoverable, or some payment that netted such, did not say whose debt it is. */
  private isUndisclosed = false;

  constructor(
    private readonly desk: EffectDesk,
    queue: OpenCauses,
  ) {
    this.nettings = new CauseBook(desk, queue);
  }

  cause(leaf: AuditedLeaf): void {
    const cause = eventAs<'SettlementPaid'>(leaf);
    const { recoveredMinor } = cause.data;
    const settlement = idIn(cause.stream);
    const merchant = cause.private?.merchant;
    if (recoveredMinor === 0) return;
    if (merchant === undefined) this.isUndisclosed = true;
    const netting: Netting = {
      policy: 'recovery',
      position: cause.position,
      cause,
      settlement,
      due: merchant === undefined || this.isUndisclosed ? undefined : this.dueOf(cause, { settlement, merchant }),
      come: 0,
      leftMinor: recoveredMinor,
      isComplete: () => netting.leftMinor === 0,
      reportMissing: () =>
        this.desk.find('effect_missing', cause.position, {
          subject: cause.stream,
          expected: recoveredMinor,
          actual: recoveredMinor - netting.leftMinor,
        }),
    };
    this.nettings.add(cause.id, netting);
  }

  /** A reversal after payout is a debt of its merchant. */
  reversed(leaf: AuditedLeaf): void {
    const reversal = eventAs<'RedemptionReversed'>(leaf);
    if (reversal.data.to !== 'recoverable') return;
    const merchant = reversal.private?.merchant;
    if (merchant === undefined) this.isUndisclosed = true;
    else this.debtsOf(merchant).reversals.push(reversal);
  }

  effect(leaf: AuditedLeaf, ref: string): void {
    const netting = this.nettings.causeOf(leaf, ref);
    if (netting === undefined) return;
    const event = eventAs<'FundsRecovered'>(leaf);
    const { settlement, due, come } = netting;
    const { batch, segments, amountMinor } = event.data;
    netting.come += 1;
    netting.leftMinor -= amountMinor;
    const fund = idIn(event.stream);
    const effect: RecoveryEffect | undefined =
      due === undefined
        ? {
            index: come,
            stream: event.stream,
            command: {
              type: 'RecoverFunds',
              data: { fund, batch, settlement, segments },
              private: { merchant: netting.cause.private?.merchant ?? '' },
            },
          }
        : due[come];
    if (effect === undefined || netting.leftMinor < 0) this.desk.notDue(leaf, 'no debt was netted');
    else {
      this.desk.check(leaf, { cause: ref, effect });
      if (netting.cause.private !== undefined) this.desk.comparePrivate(leaf, effect.command.private);
    }
    if (netting.isComplete()) this.nettings.close(ref);
  }

  private dueOf(
    cause: Recovery['cause'],
    { settlement, merchant }: { readonly settlement: string; readonly merchant: string },
  ): readonly RecoveryEffect[] {
    const debts = this.debtsOf(merchant);
    const { reversals, recoveredMinor: recoveredBeforeMinor } = debts;
    debts.recoveredMinor += cause.data.recoveredMinor;
    const recovery = { cause, settlement, merchant, reversals, recoveredBeforeMinor };
    return reactToPayment(recovery) as readonly RecoveryEffect[];
  }

  private debtsOf(merchant: string): Debts {
    const known = this.debts.get(merchant);
    if (known !== undefined) return known;
    const none: Debts = { reversals: [], recoveredMinor: 0 };
    this.debts.set(merchant, none);
    return none;
  }
}
