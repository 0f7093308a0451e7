import type { SignedCommand } from '@aidtrail/envelope';
import { Problem, type Calendar } from '@aidtrail/nest';

export interface DayGuardOptions {
  readonly calendar: Calendar;
  readonly utcOffsetMinutes: number;
  /** Milliseconds since 1970 in UTC. */
  readonly clock: () => number;
}

/**
 * Keeps the ledger's days from running ahead of the clock: a service key could otherwise start a day in next year, and
 * every voucher would expire. The ledger itself reads no clock, so this stands at the edge, and is a rejection: nothing is
 * recorded, and the same command may come again when its day has begun.
 */
export class DayGuard {
  constructor(private readonly options: DayGuardOptions) {}

  /** @throws Problem `day_not_begun` */
  requireBegun({ body }: SignedCommand): void {
    if (body.type !== 'StartDay' || this.options.calendar === 'free') return;
    const { day } = body.data as { readonly day?: unknown };
    // Anything else is not a day, and the ledger says so.
    if (typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day) && day > this.today()) {
      throw new Problem('day_not_begun');
    }
  }

  private today(): string {
    const { clock, utcOffsetMinutes } = this.options;
    return new Date(clock() + utcOffsetMinutes * 60_000).toISOString().slice(0, 10);
  }
}
