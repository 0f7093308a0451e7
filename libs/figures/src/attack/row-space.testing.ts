/** Everything that linear equations with known right sides determine, by exact elimination over the rationals. */
export class RowSpace {
  /** In reduced form: each row is 1 at its pivot, where all others are 0. */
  private readonly rows: { readonly pivot: number; values: readonly Fraction[] }[] = [];
  private whole: WholeRows | undefined;

  /** Another sum that is known. */
  add(coefficients: readonly number[]): void {
    let row: readonly Fraction[] = coefficients.map((value) => fraction(BigInt(value), 1n));
    for (const { pivot, values } of this.rows) row = minusMultiple(row, row[pivot] as Fraction, values);
    const pivot = row.findIndex(({ top }) => top !== 0n);
    if (pivot < 0) return;
    const { top, bottom } = row[pivot] as Fraction;
    const values = row.map((value) => fraction(value.top * bottom, value.bottom * top));
    for (const other of this.rows) other.values = minusMultiple(other.values, other.values[pivot] as Fraction, values);
    this.rows.push({ pivot, values });
    this.whole = undefined;
  }

  /** Whether the sum of these unknowns follows: it must be the sum of the rows whose pivots are among them. */
  determines(unknowns: readonly number[]): boolean {
    const { byPivot, scale } = (this.whole ??= wholeRows(this.rows));
    const sum = new Map<number, number>();
    for (const unknown of unknowns)
      for (const [at, value] of byPivot.get(unknown) ?? []) sum.set(at, (sum.get(at) ?? 0) + value);
    for (const unknown of unknowns) {
      if (sum.get(unknown) !== scale) return false;
      sum.delete(unknown);
    }
    return [...sum.values()].every((value) => value === 0);
  }
}

interface WholeRows {
  /** Of each row what is not 0, times `scale`. */
  readonly byPivot: ReadonlyMap<number, readonly (readonly [at: number, value: number])[]>;
  readonly scale: number;
}

function wholeRows(rows: readonly { readonly pivot: number; readonly values: readonly Fraction[] }[]): WholeRows {
  let scale = 1n;
  for (const { values } of rows)
    for (const { bottom } of values) scale = (scale * bottom) / greatestDivisor(scale, bottom);
  if (scale > 1_000_000n) throw new RangeError('The equations have no small common denominator.');
  const byPivot = rows.map(({ pivot, values }) => {
    const whole = values.map(({ top, bottom }, at) => [at, Number((top * scale) / bottom)] as const);
    return [pivot, whole.filter(([, value]) => value !== 0)] as const;
  });
  return { byPivot: new Map(byPivot), scale: Number(scale) };
}

interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

function fraction(top: bigint, bottom: bigint): Fraction {
  if (top === 0n) return { top, bottom: 1n };
  const sign = bottom < 0n ? -1n : 1n;
  const divisor = greatestDivisor(top < 0n ? -top : top, bottom * sign) * sign;
  return { top: top / divisor, bottom: bottom / divisor };
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestDivisor(b, a % b);
}

function minusMultiple(values: readonly Fraction[], factor: Fraction, known: readonly Fraction[]): readonly Fraction[] {
  if (factor.top === 0n) return values;
  return values.map((value, i) => {
    const { top, bottom } = known[i] as Fraction;
    if (top === 0n) return value;
    const less = { top: factor.top * top, bottom: factor.bottom * bottom };
    return fraction(value.top * less.bottom - less.top * value.bottom, value.bottom * less.bottom);
  });
}
