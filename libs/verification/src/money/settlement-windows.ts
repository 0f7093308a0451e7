import type { Movement, OfType, SweptEvent } from '@aidtrail/domain';
import { Numbers } from '../effects/numbers.js';

/** What settlements of a window are made of, in minor units; `recoverableMinor` is a part of the reversals. */
export interface WindowSums {
  readonly count: number;
  readonly grossMinor: number;
  readonly reversalsMinor: number;
  readonly recoverableMinor: number;
}

/** The leaves between two cut-offs, with what merchants are owed for them. */
export interface SettlementWindow {
  readonly number: number;
  /** The first leaf, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** By the redemptions and reversals in it that the ledger pays for. */
  readonly moved: WindowSums;
  /** By the settlements that were proposed for it, and how many these are. */
  readonly proposed: WindowSums;
  readonly settlements: number;
}

type Moving = Movement['event'];
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const NOTHING: WindowSums = { count: 0, grossMinor: 0, reversalsMinor: 0, recoverableMinor: 0 };

/** Of each movement since the last cut-off: leaf index, kind, amount, number of the merchant. */
const WIDTH = 4;
const [REDEEMED, REVERSED, RECOVERABLE] = [0, 1, 2];
const UNDISCLOSED = -1;

/**
 * The windows of all merchants, and what moved since the last of them. What is not the ledger's to pay (prepaid vouchers)
 * is left out.
 */
export class SettlementWindows {
  private readonly windows: Mutable<SettlementWindow>[] = [];
  private movements = new Numbers();
  private readonly merchants = new Map<string, number>();
  private readonly merchantIds: string[] = [];

  /** Of the latest window, with their merchants; undefined if not all of these are disclosed. */
  latestMovements: readonly Movement[] | undefined;

  get all(): readonly SettlementWindow[] {
    return this.windows;
  }

  get latest(): SettlementWindow | undefined {
    return this.windows[this.windows.length - 1];
  }

  moved({ type, data, position, private: disclosed }: Moving): void {
    if (data.fundingMode !== 'merchant-funded') return;
    const reversed = type === 'RedemptionReversed' && data.to === 'recoverable' ? RECOVERABLE : REVERSED;
    this.movements.push(position);
    this.movements.push(type === 'VoucherRedeemed' ? REDEEMED : reversed);
    this.movements.push(data.amountMinor);
    this.movements.push(disclosed === undefined ? UNDISCLOSED : this.numberOf(disclosed.merchant));
  }

  /** Ends a window. */
  cutOff({ number, from, to }: OfType<SweptEvent, 'CutoffSet'>['data']): void {
    const movements: Movement[] = [];
    let sums = NOTHING;
    let at = 0;
    for (; at < this.movements.length && this.movements.at(at) < to; at += WIDTH) {
      if (this.movements.at(at) < from) continue;
      const movement = this.movementAt(at);
      sums = plus(sums, sumsOf(movement.event));
      movements.push(movement);
    }
    this.movements.dropFirst(at);
    this.windows.push({ number, from, to, moved: sums, proposed: NOTHING, settlements: 0 });
    this.latestMovements = movements.every(({ merchant }) => merchant !== '') ? movements : undefined;
  }

  /** The latest window of this number, with a settlement more; undefined if there is no such window. */
  proposed(number: number, figures: WindowSums): SettlementWindow | undefined {
    const window = this.windows.findLast((one) => one.number === number);
    if (window === undefined) return undefined;
    window.proposed = plus(window.proposed, figures);
    window.settlements += 1;
    return window;
  }

  private movementAt(at: number): Movement {
    const [position, kind, amountMinor, merchant] = [0, 1, 2, 3].map((i) => this.movements.at(at + i));
    const type = kind === REDEEMED ? 'VoucherRedeemed' : 'RedemptionReversed';
    const data = { amountMinor, fundingMode: 'merchant-funded', to: kind === RECOVERABLE ? 'recoverable' : 'fund' };
    // What `reactToCutoff` looks at, and no more.
    return {
      merchant: this.merchantIds[merchant as number] ?? '',
      event: { type, position, data } as unknown as Moving,
    };
  }

  private numberOf(merchant: string): number {
    const known = this.merchants.get(merchant);
    if (known !== undefined) return known;
    this.merchants.set(merchant, this.merchantIds.length);
    return this.merchantIds.push(merchant) - 1;
  }
}

export function areEqual(a: WindowSums, b: WindowSums): boolean {
  return FIELDS.every((field) => a[field] === b[field]);
}

export function exceeds(a: WindowSums, b: WindowSums): boolean {
  return FIELDS.some((field) => a[field] > b[field]);
}

/** As text, for findings. */
export function shownSums({ count, grossMinor, reversalsMinor, recoverableMinor }: WindowSums): string {
  return `${count} redemptions of ${grossMinor}, reversed ${reversalsMinor}, of it recoverable ${recoverableMinor}`;
}

const FIELDS = ['count', 'grossMinor', 'reversalsMinor', 'recoverableMinor'] as const;

function sumsOf({ type, data }: Moving): WindowSums {
  if (type === 'VoucherRedeemed') return { ...NOTHING, count: 1, grossMinor: data.amountMinor };
  const recoverableMinor = data.to === 'recoverable' ? data.amountMinor : 0;
  return { ...NOTHING, reversalsMinor: data.amountMinor, recoverableMinor };
}

function plus(a: WindowSums, b: WindowSums): WindowSums {
  return {
    count: a.count + b.count,
    grossMinor: a.grossMinor + b.grossMinor,
    reversalsMinor: a.reversalsMinor + b.reversalsMinor,
    recoverableMinor: a.recoverableMinor + b.recoverableMinor,
  };
}
