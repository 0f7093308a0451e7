import type { DonationCommand } from '../donation/donation.commands.js';
import type { FundCommand } from '../fund/fund.commands.js';
import type { FundEvent } from '../fund/fund.events.js';
import type { Recorded } from '../kernel/decider.js';
import { amountMinorOrThrow, feeOf } from '../kernel/money.js';
import type { OfType } from '../kernel/table.js';
import type { Effect } from './effect.js';

/** One staged row of an intake. */
export interface IntakeRow {
  /** 0-based place in the intake. */
  readonly number: number;
  /** The donation's id, derived from its channel and payment reference. */
  readonly donation: string;
  readonly amountMinor: number;
  readonly commitment: string;
  readonly namedConsent: boolean;
  readonly displayName?: string;
  readonly channel: string;
  readonly paymentReference: string;
}

export interface IntakeChunk {
  readonly cause: Recorded<OfType<FundEvent, 'IntakeReceived'>>;
  /** The fund whose stream holds the cause. */
  readonly fund: string;
  /** Consecutive rows, in order of number. */
  readonly rows: readonly IntakeRow[];
  /** Gross of the rows before the chunk. */
  readonly runningGrossMinor: number;
}

/**
 * `IntakeReceived` → the fee goes to the administration line (index 0, with the chunk that begins with row 0) and each
 * donation gets its address (index 1 + number). Donation j pays ⌊G_j·bp/10000⌋ − ⌊G_(j−1)·bp/10000⌋ of fee, G the running
 * gross, so that the donations' fees add up to the intake's and their intervals tile its interval.
 *
 * A crash between effects leaves donations of the intake unrecorded and, at worst, the fee in transit: money is on the
 * line, and counted, before its rows are. Repeating a chunk is harmless: each donation's stream knows its own intake and
 * number, and the fee's event id exists once.
 */
export function reactToIntake({ cause, fund, rows, runningGrossMinor }: IntakeChunk): {
  readonly effects: readonly Effect<FundCommand | DonationCommand>[];
  readonly runningGrossMinor: number;
} {
  const { intake, feeMinor, administrationFund, feeBasisPoints, interval } = cause.data;
  const effects: Effect<FundCommand | DonationCommand>[] = [];
  if (rows[0]?.number === 0 && feeMinor > 0 && administrationFund !== undefined)
    effects.push({
      index: 0,
      stream: `fund-${administrationFund}`,
      command: {
        type: 'ReceiveFee',
        data: { fund: administrationFund, intake, fromFund: fund, amountMinor: feeMinor },
      },
    });
  let gross = runningGrossMinor;
  let fee = feeUpTo(gross, feeBasisPoints);
  for (const row of rows) {
    const start = interval[0] + gross - fee;
    gross += row.amountMinor;
    const feeAfter = feeUpTo(gross, feeBasisPoints);
    effects.push(donationOf(row, { intake, fund, start, feeMinor: feeAfter - fee }));
    fee = feeAfter;
  }
  return { effects, runningGrossMinor: gross };
}

function donationOf(
  row: IntakeRow,
  at: { readonly intake: string; readonly fund: string; readonly start: number; readonly feeMinor: number },
): Effect<DonationCommand> {
  const { number, donation, amountMinor, commitment, namedConsent, displayName, channel, paymentReference } = row;
  const netMinor = amountMinor - at.feeMinor;
  const interval: [number, number] | undefined = netMinor > 0 ? [at.start, netMinor] : undefined;
  const named =
    namedConsent && displayName !== undefined && interval !== undefined
      ? { named: { amountMinor, interval, name: displayName } }
      : {};
  return {
    index: 1 + number,
    stream: `donation-${donation}`,
    command: {
      type: 'RecordDonation',
      data: { donation, intake: at.intake, fund: at.fund, number, commitment, ...named },
      private: {
        amountMinor,
        feeMinor: at.feeMinor,
        ...(interval === undefined ? {} : { interval }),
        paymentReference,
        channel,
      },
    },
  };
}

function feeUpTo(grossMinor: number, basisPoints: number): number {
  return feeOf(amountMinorOrThrow(grossMinor), basisPoints);
}
