declare const amountBrand: unique symbol;

/** A number of minor units (分): a safe integer ≥ 0. Made only by `parseAmountMinor` and the functions here. */
export type AmountMinor = number & { readonly [amountBrand]: true };

export const zeroMinor = 0 as AmountMinor;

/** An amount from outside. Undefined unless it is a safe integer from 0 to 2^53 - 1. */
export function parseAmountMinor(value: unknown): AmountMinor | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)
    ? (value as AmountMinor)
    : undefined;
}

/** @throws RangeError if the value is not a safe integer ≥ 0; for values that the program itself made. */
export function amountMinorOrThrow(value: number): AmountMinor {
  const amount = parseAmountMinor(value);
  if (amount === undefined) throw new RangeError('An amount must be a whole number of minor units from 0 to 2^53 - 1.');
  return amount;
}

export function addMinor(...amounts: readonly AmountMinor[]): AmountMinor {
  let sum = 0;
  for (const amount of amounts) sum += amount;
  return amountMinorOrThrow(sum);
}

/** @throws RangeError if `subtrahend` exceeds `minuend`. */
export function subtractMinor(minuend: AmountMinor, subtrahend: AmountMinor): AmountMinor {
  return amountMinorOrThrow(minuend - subtrahend);
}

/** `count` times `each`; undefined when the product leaves the safe integers. */
export function multiplyMinor(each: AmountMinor, count: number): AmountMinor | undefined {
  return parseAmountMinor(each * count);
}

/** ⌊gross · basisPoints / 10000⌋, exact for all safe integers. */
export function feeOf(gross: AmountMinor, basisPoints: number): AmountMinor {
  return amountMinorOrThrow(Number((BigInt(gross) * BigInt(basisPoints)) / 10000n));
}
