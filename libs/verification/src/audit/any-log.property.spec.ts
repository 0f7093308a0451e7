import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalBytes, type JsonValue } from '@aidtrail/envelope';
import { liveWholeLife } from '@aidtrail/testing/whole-life';
import { logOf, type ReadLog } from '@aidtrail/testing/forging';
import { auditOf } from './audit-of.testing.js';
import { AuditStopped } from './audit-stopped.js';

let log: ReadLog;
/** All that stands in the leaves, by what it looks like: what one field is changed into comes from another. */
const values = new Map<string, JsonValue[]>();
beforeAll(async () => {
  log = await logOf((await liveWholeLife()).h);
  for (const leaf of log.leaves) collect(parsed(leaf));
});

function collect(value: JsonValue): void {
  const known = values.get(looksOf(value)) ?? [];
  values.set(looksOf(value), [...known, value]);
  if (typeof value === 'object')
    for (const inner of Object.values<JsonValue>(value as Readonly<Record<string, JsonValue>>)) collect(inner);
}

function looksOf(value: JsonValue): string {
  if (typeof value === 'string') return /^[a-z]+-/.test(value) ? 'stream' : `text of ${value.length}`;
  return Array.isArray(value) ? 'list' : typeof value;
}

/** The value with something in it changed, somewhere down a path that the picks choose. */
function changed(value: JsonValue, [pick = 0, ...picks]: readonly number[]): JsonValue {
  if (typeof value === 'object' && picks.length > 0) {
    const names = Object.keys(value);
    const name = names[pick % names.length];
    if (name === undefined) return value;
    const inner = changed((value as Readonly<Record<string, JsonValue>>)[name] as JsonValue, picks);
    if (Array.isArray(value)) return value.map((item: JsonValue, i) => (String(i) === name ? inner : item));
    return { ...(value as Readonly<Record<string, JsonValue>>), [name]: inner };
  }
  const others = values.get(looksOf(value)) ?? [];
  return typeof value === 'number' && pick % 3 === 0 ? value + 1 : (others[pick % others.length] ?? value);
}

const place = fc.nat(200);
const change = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('change'),
      at: place,
      picks: fc.array(fc.nat(500), { minLength: 2, maxLength: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave out'), at: place, picks: fc.constant([]) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat'), at: place, picks: fc.constant([]) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('move'),
      at: place,
      picks: fc.array(fc.nat(500), { minLength: 1, maxLength: 1 }),
    }),
  },
);

describe('any log at all', () => {
  it('is audited to its end, or to an event of another type than there are: nothing that it says is a fault', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.boolean(), (changes, disclosed) => {
        const leaves = [...log.leaves];
        for (const { do: what, at, picks } of changes) {
          const index = at % leaves.length;
          const leaf = leaves[index] as Uint8Array;
          if (what === 'leave out') leaves.splice(index, 1);
          else if (what === 'repeat') leaves.splice(index, 0, leaf);
          else if (what === 'move') leaves.splice((picks[0] ?? 0) % leaves.length, 0, ...leaves.splice(index, 1));
          else leaves[index] = canonicalBytes(changed(parsed(leaf), picks));
        }
        expect(leavesRead({ ...log, leaves }, disclosed)).toBe(leaves.length);
      }),
      { numRuns: 120 },
    );
  }, 240_000);
});

function parsed(leaf: Uint8Array): JsonValue {
  return JSON.parse(new TextDecoder().decode(leaf)) as JsonValue;
}

function leavesRead(read: ReadLog, disclosed: boolean): number {
  try {
    return auditOf(read, { disclosed, verify: false }).summary.leaves;
  } catch (error) {
    if (error instanceof AuditStopped) return read.leaves.length;
    throw error;
  }
}
