import { Numbers } from '../effects/numbers.js';
import { FACT_WINDOW_LEAVES } from '../rules/fact-window.js';

/** A redemption by numbers: of its voucher, of the till's key, and the amount. */
export interface Purchase {
  readonly voucher: number;
  readonly till: number;
  readonly amountMinor: number;
}

/** The purchases of a day. */
export interface OpenDay {
  readonly day: string;
  readonly purchases: Purchases;
}

const WIDTH = 3;

export class Purchases {
  private readonly numbers = new Numbers();

  push({ voucher, till, amountMinor }: Purchase): void {
    this.numbers.push(voucher);
    this.numbers.push(till);
    this.numbers.push(amountMinor);
  }

  *all(): Iterable<Purchase> {
    const { numbers } = this;
    for (let at = 0; at < numbers.length; at += WIDTH)
      yield { voucher: numbers.at(at), till: numbers.at(at + 1), amountMinor: numbers.at(at + 2) };
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

  start(day: string, index: number): void {
    if (this.open.has(this.present)) this.followed.push({ day: this.present, by: index });
    this.present = day;
  }

  /** Takes out the days of which no more can come. */
  closedBefore(index: number): readonly OpenDay[] {
    const first = this.followed[0];
    if (first === undefined || index - first.by <= FACT_WINDOW_LEAVES) return [];
    const closed = this.followed.filter(({ by }) => index - by > FACT_WINDOW_LEAVES);
    this.followed = this.followed.slice(closed.length);
    return closed.flatMap(({ day }) => this.close(day));
  }

  /** Takes out all of them. */
  rest(): readonly OpenDay[] {
    return [...this.open.keys()].flatMap((day) => this.close(day));
  }

  private close(day: string): readonly OpenDay[] {
    const purchases = this.open.get(day);
    this.open.delete(day);
    return purchases === undefined ? [] : [{ day, purchases }];
  }
}
