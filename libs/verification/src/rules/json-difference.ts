/** Where two JSON values differ first, as a path such as `segments.0.1`; undefined if they are equal. */
export function differenceOf(a: unknown, b: unknown): string | undefined {
  if (isSame(a, b)) return undefined;
  return pathOf(a, b, '') || 'all';
}

/** Members that are undefined count as absent. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  for (const name in left) if (!isSame(left[name], right[name])) return false;
  for (const name in right) if (right[name] !== undefined && left[name] === undefined) return false;
  return true;
}

function pathOf(a: unknown, b: unknown, path: string): string {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return path;
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  const name = names.find((one) => !isSame(left[one], right[one]));
  return name === undefined ? path : pathOf(left[name], right[name], path === '' ? name : `${path}.${name}`);
}
