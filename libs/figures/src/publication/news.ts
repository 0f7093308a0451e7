const NO_NEWS: ReadonlySet<string> = new Set(['asOf', 'treeSize', 'day', 'previous', 'privacy', 'figures']);

/** A short text that differs, but for one case in 2^64, where two documents say different things. */
export function newsOf(document: unknown): string {
  const text = JSON.stringify(document, (member, value: unknown) =>
    NO_NEWS.has(member) || isErasureCount(value) ? undefined : value,
  );
  return [0x811c9dc5, 0x01000193].map((seed) => fnv1a(text, seed).toString(16)).join('-');
}

function isErasureCount(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'key' in value && value.key === 'erasureCount';
}

/** FNV-1a over UTF-16 code units: tells apart, proves nothing. */
function fnv1a(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
