/** Where two JSON values differ first: the names that lead there, and both values as text, shortened. */
export interface Difference {
  readonly path: readonly string[];
  readonly expected: string;
  readonly actual: string;
}

const LONGEST_TEXT = 120;

/** Undefined if both are equal, whatever the order of their names. */
export function differenceOf(expected: unknown, actual: unknown, path: readonly string[] = []): Difference | undefined {
  if (isSame(expected, actual)) return undefined;
  if (isContainer(expected) && isContainer(actual) && Array.isArray(expected) === Array.isArray(actual))
    for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const found = differenceOf(expected[name], actual[name], [...path, name]);
      if (found !== undefined) return found;
    }
  return { path, expected: shown(path, expected), actual: shown(path, actual) };
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

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function shown(path: readonly string[], value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return (path.length === 0 ? text : `${path.join('.')}: ${text}`).slice(0, LONGEST_TEXT);
}
