import { beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalBytes, parseLeafOrThrow, utf8Encode, type Leaf } from '@aidtrail/envelope';
import { createLedgerHarness } from '@aidtrail/testing/ledger';
import { openRelief } from '@aidtrail/testing/relief';
import { logOf, type ReadLog } from '@aidtrail/testing/forging';
import { auditOf } from './audit-of.testing.js';
import { AuditStopped } from './audit-stopped.js';

let log: ReadLog;
let text: string;
let leaf: Leaf;
beforeAll(async () => {
  const h = await createLedgerHarness();
  await openRelief(h);
  log = await logOf(h);
  const last = log.leaves.at(-1) as Uint8Array;
  text = new TextDecoder().decode(last);
  leaf = parseLeafOrThrow(last);
});

const withLast = (bytes: Uint8Array): ReadLog => ({ ...log, leaves: [...log.leaves.slice(0, -1), bytes] });
const rewritten = (change: (text: string) => string) => (): Uint8Array => utf8Encode(change(text));
const remade =
  (change: (leaf: Leaf) => object): (() => Uint8Array) =>
  () =>
    canonicalBytes(change(leaf));

describe('an entry that is no leaf', () => {
  it.each<readonly [string, string, () => Uint8Array]>([
    ['with a name twice', 'not_canonical', rewritten((t) => t.replace('"v":1,"version"', '"v":1,"v":1,"version"'))],
    [
      'with its names in another order',
      'not_canonical',
      () => utf8Encode(JSON.stringify(Object.fromEntries(Object.entries(leaf).reverse()))),
    ],
    ['with half of a surrogate pair', 'lone_surrogate', rewritten((t) => t.replace('"name":"', '"name":"\\ud800'))],
    ['with a needless escape', 'not_canonical', rewritten((t) => t.replace('"name":"C', '"name":"\\u0043'))],
    ['with a fraction', 'not_safe_integer', rewritten((t) => t.replace('"v":1,"version":5', '"v":1,"version":5.5'))],
    ['with an exponent', 'not_canonical', rewritten((t) => t.replace('"v":1,"version":5', '"v":1,"version":5e0'))],
    [
      'with a number too large',
      'not_safe_integer',
      rewritten((t) => t.replace('"v":1,"version":5', `"v":1,"version":${2 ** 53}`)),
    ],
    ['with null in it', 'null_not_allowed', rewritten((t) => t.replace('"data":{', '"data":{"a":null,'))],
    ['with a byte order mark', 'not_json', rewritten((t) => `\uFEFF${t}`)],
    ['that is not UTF-8', 'not_utf8', () => Uint8Array.from([...utf8Encode(text).slice(0, -1), 0xff])],
    ['with something behind it', 'not_json', rewritten((t) => `${t}}`)],
    ['that is empty', 'not_json', () => new Uint8Array(0)],
    ['that is a list', 'bad_shape', () => utf8Encode('[]')],
    ['with a member too many', 'bad_shape', remade((l) => ({ ...l, more: 1 }))],
    ['without a day', 'bad_shape', remade(({ day: _, ...l }) => l)],
    ['on a day that no calendar has', 'bad_shape', remade((l) => ({ ...l, day: '2026-02-30' }))],
    ['with an empty list of facts', 'bad_shape', remade((l) => ({ ...l, facts: [] }))],
    ['with facts out of order', 'bad_shape', remade((l) => ({ ...l, facts: [...(l.facts ?? [])].reverse() }))],
    ['with an id in capitals', 'bad_shape', remade((l) => ({ ...l, id: l.id.toUpperCase() }))],
    [
      'with an id that tells the time',
      'bad_shape',
      remade((l) => ({ ...l, id: `${l.id.slice(0, 14)}7${l.id.slice(15)}` })),
    ],
    [
      'whose signature has another spelling in base64',
      'bad_shape',
      remade((l) => ({ ...l, sig: { ...l.sig, sig: `${l.sig.sig.slice(0, 85)}B==` } })),
    ],
    ['with digests that are not a multiple of four', 'bad_shape', remade((l) => ({ ...l, _sd: ['A'.repeat(43)] }))],
  ])('%s', (_what, code, make) => {
    const { findings } = auditOf(withLast(make()));
    expect(findings).toStrictEqual([{ code: 'leaf_malformed', leaf: log.leaves.length - 1, actual: code }]);
  });

  it('changes nothing for the leaves after it but the version that it took', () => {
    const { findings } = auditOf({
      ...log,
      leaves: [...log.leaves.slice(0, -1), utf8Encode('{}'), ...log.leaves.slice(-1)],
    });
    expect(findings).toStrictEqual([{ code: 'leaf_malformed', leaf: log.leaves.length - 1, actual: 'bad_shape' }]);
  });
});

describe('an event of a type that this version does not know', () => {
  it('stops the audit, which says that a newer auditor is needed', () => {
    const newer = withLast(canonicalBytes({ ...leaf, type: 'StoreOpened2' }));
    expect(() => auditOf(newer)).toThrow(AuditStopped);
    expect(() => auditOf(newer)).toThrow(
      `The leaf at index ${log.leaves.length - 1} is a StoreOpened2: a newer program wrote this log, use a newer auditor.`,
    );
  });
});
