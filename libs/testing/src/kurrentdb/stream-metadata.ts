/** Of a stream: how much of it is shown, and to whom. It is the last event of the stream `$$name`. */
export interface StreamMetadata {
  readonly maxCount?: number;
  readonly maxAgeSeconds?: number;
  /** As large as a 64-bit number: larger than those that JSON.parse reads. */
  readonly truncateBefore?: bigint;
  readonly acl?: Readonly<Partial<Record<AclKey, readonly string[]>>>;
  /** As it was written. */
  readonly raw?: Readonly<Record<string, unknown>>;
}

/** Read, write, delete, read and write of the metadata. */
export type AclKey = '$r' | '$w' | '$d' | '$mr' | '$mw';

/** What is not JSON, or not of the expected kind, counts as not set. */
export function parseStreamMetadata(data: Uint8Array): StreamMetadata {
  const text = Buffer.from(data).toString('utf8');
  const raw = parseObject(text);
  if (raw === undefined) return {};
  const truncateBefore = /"\$tb"\s*:\s*(\d+)/.exec(text)?.[1];
  const maxCount = raw['$maxCount'];
  const maxAge = raw['$maxAge'];
  const acl = raw['$acl'];
  return {
    raw,
    ...(truncateBefore === undefined ? {} : { truncateBefore: BigInt(truncateBefore) }),
    ...(typeof maxCount === 'number' ? { maxCount } : {}),
    ...(typeof maxAge === 'number' ? { maxAgeSeconds: maxAge } : {}),
    ...(typeof acl === 'object' && acl !== null ? { acl: parseAcl(acl) } : {}),
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function parseAcl(acl: object): Partial<Record<AclKey, readonly string[]>> {
  const roles = Object.entries(acl).map(([key, value]: [string, unknown]) => [
    key,
    (Array.isArray(value) ? value : [value]).filter((role): role is string => typeof role === 'string'),
  ]);
  return Object.fromEntries(roles) as Partial<Record<AclKey, readonly string[]>>;
}
