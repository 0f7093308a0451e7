import { Numbers } from '../effects/numbers.js';
import { FACT_WINDOW_LEAVES } from '../rules/fact-window.js';

/** A redemption by numbers: of its voucher, of the till's key, and the amount. */
export interface Purchase {
  readonly voucher: number;
  readonly till: number;
  readonly amountMinor: number;
}

/** A day of which no more redemptions come. */
export interface ClosedDay {
  readonly day: string;
  readonly purchases: Purchases;
}

const WIDTH = 3;

/** Purchases in 24 bytes each. */
export class Purchases {
  private readonly numbers = new Numbers();

  get length(): number {
    return this.numbers.length / WIDTH;
  }

  push({ voucher, till, amountMinor }: Purchase): void {
    this.numbers.push(voucher);
    this.numbers.push(till);
    this.numbers.push(amountMinor);
  }

  vouchers(): Uint32Array {
    return Uint32Array.from({ length: this.length }, (_, place) => this.numbers.at(WIDTH * place));
  }

  tills(): Uint32Array {
    return Uint32Array.from({ length: this.length }, (_, place) => this.numbers.at(WIDTH * place + 1));
  }

  amounts(): Float64Array {
    return Float64Array.from({ length: this.length }, (_, place) => this.numbers.at(WIDTH * place + 2));
  }
}

/** Days of which more redemptions can come: the present one, and those whose DayStarted a leaf may still rest on. */
export class OpenDays {
  private readonly open = new Map<string, Purchases>();
  /** Days that another has followed, with the leaf that started it; the oldest first. */
  private followed: { readonly day: string; readonly by: number }[] = [];
  private present = '';

  add(day: string, index: number, purchase: Purchase): void {
    let purchases = this.open.get(day);
    if (purchases === undefined) {
      purchases = new Purchases();
      this.open.set(day, purchases);
      // Of a day that was closed already, which an audit finds.
      if (day !== this.present) this.followed.push({ day, by: index });
    }
    purchases.push(purchase);
  }

  /** The leaf of this index, the opening or a DayStarted, began the day. */
  start(day: string, index: number): void {
    if (this.open.has(this.present)) this.followed.push({ day: this.present, by: index });
    this.present = day;
  }

  /** Takes out the days of which no more can come. */
  closedBefore(index: number): readonly ClosedDay[] {
    const first = this.followed[0];
    if (first === undefined || index - first.by <= FACT_WINDOW_LEAVES) return [];
    const closed = this.followed.filter(({ by }) => index - by > FACT_WINDOW_LEAVES);
    this.followed = this.followed.slice(closed.length);
    return closed.flatMap(({ day }) => this.close(day));
  }

  /** Takes out all of them. */
  rest(): readonly ClosedDay[] {
    return [...this.open.keys()].flatMap((day) => this.close(day));
  }

  private close(day: string): readonly ClosedDay[] {
    const purchases = this.open.get(day);
    this.open.delete(day);
    return purchases === undefined ? [] : [{ day, purchases }];
  }
}
