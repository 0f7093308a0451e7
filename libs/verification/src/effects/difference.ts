/** Where two values of JSON differ first; the values as text, shortened. */
export interface Difference {
  readonly expected: string;
  readonly actual: string;
}

const LONGEST_TEXT = 120;

/** Undefined if both are equal, whatever the order of their names. */
export function differenceOf(expected: unknown, actual: unknown, path = ''): Difference | undefined {
  if (isSame(expected, actual)) return undefined;
  if (!isContainer(expected) || !isContainer(actual) || Array.isArray(expected) !== Array.isArray(actual))
    return { expected: shown(path, expected), actual: shown(path, actual) };
  for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const found = differenceOf(expected[name], actual[name], path === '' ? name : `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Most values are: this makes no text for any of them. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  if (!isContainer(a) || !isContainer(b) || Array.isArray(b)) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  for (const name of names) if (!isSame(a[name], b[name])) return false;
  return true;
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function shown(path: string, value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return (path === '' ? text : `${path}: ${text}`).slice(0, LONGEST_TEXT);
}
