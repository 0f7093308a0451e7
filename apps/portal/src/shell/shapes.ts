/** Reading of untrusted JSON: each gives undefined for what it does not understand, and never throws. */

export function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A count or an amount in minor units. What JSON could not carry exactly is not one. */
export function wholeOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

/** All of them, or undefined if one is not understood. */
export function listOf<T>(value: unknown, item: (one: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items: T[] = [];
  for (const one of value as readonly unknown[]) {
    const read = item(one);
    if (read === undefined) return undefined;
    items.push(read);
  }
  return items;
}

/** These members as amounts, or undefined if one is missing or no amount. */
export function wholesOf<const K extends string>(
  record: Readonly<Record<string, unknown>>,
  names: readonly K[],
): Readonly<Record<K, number>> | undefined {
  const read: Partial<Record<K, number>> = {};
  for (const name of names) {
    const value = wholeOf(record[name]);
    if (value === undefined) return undefined;
    read[name] = value;
  }
  return read as Record<K, number>;
}
