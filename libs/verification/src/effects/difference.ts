/** Where two values of JSON differ first; the values as text, shortened. */
export interface Difference {
  readonly expected: string;
  readonly actual: string;
}

const LONGEST_TEXT = 120;

/** Undefined if both are equal, whatever the order of their names. */
export function differenceOf(expected: unknown, actual: unknown, path = ''): Difference | undefined {
  if (expected === actual) return undefined;
  if (!isContainer(expected) || !isContainer(actual) || Array.isArray(expected) !== Array.isArray(actual))
    return { expected: shown(path, expected), actual: shown(path, actual) };
  for (const name in expected) {
    const found = differenceOf(expected[name], actual[name], path === '' ? name : `${path}.${name}`);
    if (found !== undefined) return found;
  }
  for (const name in actual)
    if (!(name in expected)) return { expected: shown(path, undefined), actual: shown(path, name) };
  return undefined;
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function shown(path: string, value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return (path === '' ? text : `${path}: ${text}`).slice(0, LONGEST_TEXT);
}
