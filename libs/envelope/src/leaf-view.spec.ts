import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  base64Encode,
  digestOf,
  MalformedInput,
  parseLeafOrThrow,
  portableSigner,
  signCommand,
  signLeaf,
  utf8DecodeOrThrow,
  utf8Encode,
  viewLeafOrThrow,
} from './index.js';
import type { JsonObject, JsonValue, LeafDraft, LeafView, Signer } from './index.js';

/** Real keys, but no reader here verifies, so that thousands of leaves need not be signed. */
const keyOf = (seed: number): Signer => ({
  ...portableSigner(new Uint8Array(32).fill(seed)),
  sign: () => new Uint8Array(64).fill(seed),
});
const ledger = keyOf(3);
const till = keyOf(1);
const digests = ['a', 'b', 'c', 'd'].map((text) => digestOf(text)).sort();
const ref = '2f1c1f6e-7b1e-4a53-9a3c-0d2a5b1f6e77';
const plain: LeafDraft = {
  v: 1,
  log: 'relief.example.org/log',
  id: '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  type: 'VoucherRedeemed',
  stream: 'voucher-00000000-0000-8000-8000-000000000000',
  version: 3,
  day: '2026-11-23',
  data: { segments: [[0, 1250]], amountMinor: 1250 },
  command: { ref },
};
const write = (change: Partial<LeafDraft> = {}): Uint8Array => signLeaf({ ...plain, ...change }, ledger);
const commanded = (data: JsonObject): LeafDraft['command'] => {
  const anchor = { size: 7, root: base64Encode(new Uint8Array(32)) };
  const body = { v: 1, log: plain.log, type: 'RedeemVoucher', id: ref, key: till.keyId, anchor, data } as const;
  const { sigs } = signCommand({ body, signers: [till] });
  return { body, sigs };
};
const strictly = (bytes: Uint8Array): LeafView => {
  const { id, type, stream, version, day, data } = parseLeafOrThrow(bytes);
  return { id, type, stream, version, day, data };
};
const refusal = expect.objectContaining({ name: 'MalformedInput' }) as unknown as Error;

/** Texts that look like the ends of members, and those that make trouble wherever texts are cut. */
const trap = fc.constantFrom(
  '},"data":{"a":1},"day":"2020-01-01","id":"',
  '"}],"day":"',
  '\\"}],"day":"',
  '","v":1,"version":9}',
  '{"command":{"',
  '\\',
  '\\\\"',
  '"',
  '{[',
  ']}',
  '\u8d48\u6d4e\u5238',
  '\ud83c\udf3e',
  '',
);
const text = fc.oneof(
  trap,
  fc.string(),
  fc.tuple(trap, trap).map((pair) => pair.join('')),
);
const name = fc.oneof(fc.constantFrom('data', 'day', 'id', 'facts', 'command', '__proto__', 'v'), text);
const { value: json } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.maxSafeInteger().map((n) => n + 0),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const object = fc.dictionary(name, json, { maxKeys: 5, noNullPrototype: true });
const leaf = fc
  .record({
    data: object,
    log: fc.constantFrom('relief.example.org/log', 'a"b', 'a\\', '\\"}', '\u8d48\u6d4e'),
    stream: fc.constantFrom('voucher-1', 'fund-00000000-0000-8000-8000-000000000000', 'key-A._-9'),
    type: fc.constantFrom('VoucherIssued', 'VoucherClaimed', 'VoucherRedeemed', 'A'),
    version: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    day: fc.constantFrom('2026-11-23', '2026-11-24', '2024-02-29'),
    facts: fc.constantFrom(undefined, [['campaign-1', 2]], [['campaign-1', 2], ['merchant-9', 0]]), // prettier-ignore
    _sd: fc.constantFrom(undefined, digests),
    command: fc.oneof(fc.constant({ ref }), object.map(commanded)),
  })
  .map(({ facts, _sd, ...draft }) => write({ ...draft, ...(facts && { facts }), ...(_sd && { _sd }) }));

describe('viewLeafOrThrow', () => {
  it('gives what the strict reader gives, whatever is in the leaf', () => {
    fc.assert(
      fc.property(leaf, (bytes) => {
        expect(viewLeafOrThrow(bytes)).toStrictEqual(strictly(bytes));
      }),
      { numRuns: 400 },
    );
  });

  it('gives of damaged bytes what they say, if they say anything, or refuses', () => {
    const damage = fc.record({
      bytes: leaf,
      at: fc.nat(),
      remove: fc.constantFrom(0, 1, 3),
      insert: fc.oneof(fc.constantFrom('', '"', '\\', '}', '{"', ',"day":"', ' ', '0'), trap).map(utf8Encode),
    });
    fc.assert(
      fc.property(damage, ({ bytes, at, remove, insert }) => {
        const place = at % bytes.length;
        const damaged = Uint8Array.of(...bytes.subarray(0, place), ...insert, ...bytes.subarray(place + remove));
        const view = outcomeOf(() => viewLeafOrThrow(damaged));
        if (outcomeOf(() => parseLeafOrThrow(damaged)) !== undefined) expect(view).toStrictEqual(strictly(damaged));
        const said = outcomeOf(() => JSON.parse(utf8DecodeOrThrow(damaged)) as LeafView);
        if (view !== undefined && said !== undefined) {
          const { id, type, stream, version, day, data } = said;
          expect(view).toStrictEqual({ id, type, stream, version, day, data });
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each<[string, (leaf: string) => string]>([
    ['nothing', () => ''],
    ['a part of a leaf', (whole) => whole.slice(0, -1)],
    ['only the end of a leaf', (whole) => whole.slice(whole.indexOf('"data"'))],
    ['something behind the leaf', (whole) => `${whole}\n`],
    ['white space', (whole) => whole.replace('"v":1', '"v": 1')],
    ['another order of names', (whole) => whole.replace(/("stream":"[^"]+"),("type":"[^"]+")/, '$2,$1')],
    ['a member more', (whole) => whole.replace('"type"', '"tag":1,"type"')],
    ['a member less', (whole) => whole.replace(/"id":"[^"]+",/, '')],
    ['another format version', (whole) => whole.replace('"v":1,"version":3}', '"v":2,"version":3}')],
    ['data that is no object', (whole) => whole.replace(/"data":.*,"day"/, '"data":[1],"day"')],
    ['data that does not end', (whole) => whole.replace('"data":{', '"data":{{')],
    ['a name with an escape', (whole) => whole.replace('voucher-', 'vouc\\u0068er-')],
    ['a version that no number holds', (whole) => whole.replace('"version":3', '"version":9007199254740993')],
    ['a version of 03', (whole) => whole.replace('"version":3', '"version":03')],
    ['a version without digits', (whole) => whole.replace('"version":3', '"version":')],
    ['an object without a command', (whole) => whole.replace('{"command":', '{"_command":')],
  ])('refuses %s', (_, change) => {
    expect(() => viewLeafOrThrow(utf8Encode(change(utf8DecodeOrThrow(write()))))).toThrow(refusal);
  });

  it('refuses a leaf that is not UTF-8', () => {
    const bytes = write({ data: { note: 'abc' } });
    bytes[utf8DecodeOrThrow(bytes).indexOf('abc') + 1] = 0xff;
    expect(() => viewLeafOrThrow(bytes)).toThrow(refusal);
  });
});

/** Undefined if it throws what readers may throw. */
function outcomeOf<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedInput || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
