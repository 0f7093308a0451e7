import {
  isRefusal,
  reactToIntake,
  type AnyCommand,
  type DomainEvent,
  type Effect,
  type OfType,
} from '@aidtrail/domain';
import type { AuditedLeaf } from '../audit/leaf-check.js';
import { CauseBook, type OpenCause, type OpenCauses } from './causes.js';
import { differenceOf } from '../findings/json-difference.js';
import { idIn, type DueEffect, type EffectDesk } from './effect-desk.js';
import { fitsIntake, GiftChain } from './gift-chain.js';
import { eventAs, type PolicyWatch } from './policy-watch.js';
import { Rows } from './rows.js';

type Received = ReturnType<typeof eventAs<'DonationReceived'>>;

interface Gift {
  readonly leaf: AuditedLeaf;
  readonly event: Received;
  readonly amountMinor: number;
}

interface Intake extends OpenCause {
  readonly cause: ReturnType<typeof eventAs<'IntakeReceived'>>;
  readonly fund: string;
  readonly rows: Rows;
  readonly gifts: GiftChain<Gift>;
  /** The last donation whose donor is named. */
  named: { readonly number: number; readonly end: number };
  /** The fee, until it arrives. */
  fee: DueEffect | undefined;
}

/**
 * IntakeReceived → its fee reaches the administration line, and each donation gets its address. From public leaves: one
 * donation of each number, whose commitments are those of the intake; with disclosures also amounts, fees and intervals,
 * donation by donation.
 */
export class IntakeWatch implements PolicyWatch {
  private readonly intakes: CauseBook<Intake>;

  constructor(
    private readonly desk: EffectDesk,
    queue: OpenCauses,
  ) {
    this.intakes = new CauseBook(desk, queue);
  }

  cause(leaf: AuditedLeaf): void {
    const event = eventAs<'IntakeReceived'>(leaf);
    const { id, position, stream, data } = event;
    const fund = idIn(stream);
    const intake: Intake = {
      policy: 'intake',
      position,
      cause: event,
      fund,
      rows: new Rows(data.count, this.desk.hasher),
      gifts: new GiftChain(data.grossMinor, (gift, beforeMinor) => this.checkGift(intake, gift, beforeMinor)),
      named: { number: -1, end: data.interval[0] },
      fee: feeDue(event, fund),
      isComplete: () => intake.fee === undefined && intake.rows.isComplete,
      reportMissing: () => this.reportMissing(intake),
    };
    this.intakes.add(id, intake);
  }

  effect(leaf: AuditedLeaf, ref: string): void {
    const intake = this.intakes.causeOf(leaf, ref);
    if (intake === undefined) return;
    if (leaf.event.type === 'FeeReceived') this.feeCame(leaf, intake);
    else this.giftCame(leaf, intake);
    if (intake.isComplete()) this.intakes.close(ref);
  }

  private feeCame(leaf: AuditedLeaf, intake: Intake): void {
    const { fee } = intake;
    intake.fee = undefined;
    if (fee !== undefined) this.desk.check(leaf, fee);
    else if (intake.cause.data.feeMinor === 0) this.desk.notDue(leaf, 'no fee');
    else this.desk.find('effect_repeated', leaf.index, { subject: leaf.event.stream, actual: leaf.event.type });
  }

  private giftCame(leaf: AuditedLeaf, intake: Intake): void {
    const event = eventAs<'DonationReceived'>(leaf);
    const { data, private: disclosed, stream } = event;
    const { rows, cause, gifts } = intake;
    this.checkPublic(leaf, intake, event);
    if (!rows.take(data.number, data.commitment)) {
      const code = data.number < rows.count ? 'effect_repeated' : 'effect_not_due';
      this.desk.find(code, leaf.index, { subject: stream, actual: data.number });
      return;
    }
    const gift = disclosed === undefined ? undefined : { leaf, event, amountMinor: disclosed.amountMinor };
    if (!gifts.take(data.number, gift) && disclosed?.interval !== undefined) {
      const { amountMinor, interval } = disclosed;
      if (!fitsIntake({ amountMinor, interval }, cause.data)) this.desk.privateDiffers(leaf, 'interval');
    }
    if (rows.isComplete) this.allCame(leaf, intake);
  }

  /** Amounts that are not public change nothing of the public part but what is said of a donor who agreed to be named. */
  private checkPublic(leaf: AuditedLeaf, intake: Intake, event: Received): void {
    const { cause, fund } = intake;
    const { named } = event.data;
    const effect = donationEffect({ cause, fund, event, amountMinor: 0, beforeMinor: 0 });
    this.desk.checkId(leaf, cause.id, effect.index);
    const decided = this.desk.decide(leaf, { cause: cause.id, effect });
    if (isRefusal(decided)) this.desk.notDue(leaf, decided.refused);
    else this.desk.compare(leaf, effect.stream, withNamed(decided[0], named));
    if (named !== undefined) this.checkNamed(leaf, intake, { number: event.data.number, named });
  }

  /** Whoever is named has fen of the intake, and none of those who gave before. */
  private checkNamed(
    leaf: AuditedLeaf,
    intake: Intake,
    { number, named }: { readonly number: number; readonly named: NonNullable<Received['data']['named']> },
  ): void {
    const [start, length] = named.interval;
    const before = intake.named;
    const isBehind = number <= before.number || start >= before.end;
    if (!isBehind || !fitsIntake(named, intake.cause.data))
      this.desk.find('named_gift_differs', leaf.index, { subject: leaf.event.stream });
    if (number > before.number) intake.named = { number, end: start + length };
  }

  private checkGift({ cause, fund }: Intake, { leaf, event, amountMinor }: Gift, beforeMinor: number): void {
    const { command } = donationEffect({ cause, fund, event, amountMinor, beforeMinor });
    this.desk.comparePrivate(leaf, command.private);
    if (differenceOf(command.data.named, event.data.named) !== undefined)
      this.desk.find('named_gift_differs', leaf.index, { subject: event.stream });
  }

  private allCame(leaf: AuditedLeaf, { cause, rows, gifts }: Intake): void {
    const { rowsRoot, grossMinor, count, intake } = cause.data;
    const root = rows.root();
    if (root !== rowsRoot)
      this.desk.find('rows_root_differs', leaf.index, { subject: intake, expected: rowsRoot, actual: root });
    if (gifts.isWhole(count) && gifts.grossMinor !== grossMinor)
      this.desk.find('gifts_total_differs', leaf.index, { subject: intake, expected: grossMinor });
  }

  private reportMissing({ position, cause, rows, fee }: Intake): void {
    const subject = cause.stream;
    if (fee !== undefined) this.desk.find('effect_missing', position, { subject, expected: 'FeeReceived' });
    if (!rows.isComplete)
      this.desk.find('effect_missing', position, { subject, expected: rows.count, actual: rows.size });
  }
}

function feeDue(cause: Intake['cause'], fund: string): DueEffect | undefined {
  const first = { number: 0, donation: '', amountMinor: 0, commitment: '', namedConsent: false, channel: '' };
  const { effects } = reactToIntake({
    cause,
    fund,
    rows: [{ ...first, paymentReference: '' }],
    runningGrossMinor: 0,
  });
  const fee = effects.find(({ command }) => command.type === 'ReceiveFee');
  return fee === undefined ? undefined : { cause: cause.id, effect: fee };
}

/** What the policy asks for this donation, if it is of that much and comes after gifts of so much. */
function donationEffect(of: {
  readonly cause: Intake['cause'];
  readonly fund: string;
  readonly event: Received;
  readonly amountMinor: number;
  readonly beforeMinor: number;
}): Effect<OfType<AnyCommand, 'RecordDonation'>> {
  const { cause, fund, event, amountMinor, beforeMinor } = of;
  const { number, commitment, named } = event.data;
  const row = {
    number,
    donation: idIn(event.stream),
    amountMinor,
    commitment,
    namedConsent: named !== undefined,
    ...(named === undefined ? {} : { displayName: named.name }),
    channel: event.private?.channel ?? '',
    paymentReference: event.private?.paymentReference ?? '',
  };
  const { effects } = reactToIntake({ cause, fund, rows: [row], runningGrossMinor: beforeMinor });
  return effects[effects.length - 1] as Effect<OfType<AnyCommand, 'RecordDonation'>>;
}

function withNamed(event: DomainEvent | undefined, named: Received['data']['named']): DomainEvent | undefined {
  return event === undefined || named === undefined ? event : { ...event, data: { ...event.data, named } };
}
