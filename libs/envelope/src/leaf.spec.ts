import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LeafDraft } from './index.js';
import {
  base64Encode,
  canonicalBytes,
  concatBytes,
  digestOf,
  embedCommand,
  leafHash,
  leafSigningInput,
  MalformedInput,
  parseLeafOrThrow,
  portableSigner,
  portableVerifier,
  sha256,
  signCommand,
  signLeaf,
  utf8DecodeOrThrow,
  utf8Encode,
  verifyLeafSignature,
} from './index.js';

const withCode = (code: string): Error => expect.objectContaining({ name: 'MalformedInput', code }) as unknown as Error;
const ledger = portableSigner(new Uint8Array(32).fill(3));
const till = portableSigner(new Uint8Array(32).fill(1));
const holder = portableSigner(new Uint8Array(32).fill(2));
const voucher = '00000000-0000-8000-8000-000000000000';
const command = signCommand({
  body: {
    v: 1,
    log: 'relief.example.org/log',
    type: 'RedeemVoucher',
    id: '2f1c1f6e-7b1e-4a53-9a3c-0d2a5b1f6e77',
    key: till.keyId,
    anchor: { size: 7, root: base64Encode(new Uint8Array(32)) },
    data: { voucher, note: '\u8d48\u6d4e\u5238' },
  },
  signers: [till, holder],
});
const draft = {
  v: 1,
  log: 'relief.example.org/log',
  id: '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  type: 'VoucherRedeemed',
  stream: `voucher-${voucher}`,
  version: 3,
  day: '2026-11-23',
  data: { segments: [[0, 1250]], amountMinor: 1250, store: '\u5e97' },
  facts: [
    ['campaign-1', 2],
    ['merchant-9', 0],
  ],
  _sd: ['a', 'b', 'c', 'd'].map((text) => digestOf(text)).sort(),
  command: { body: command.body, sigs: command.sigs },
} as const satisfies LeafDraft;
const bytes = signLeaf(draft, ledger);

const sign = (change: object): Uint8Array => signLeaf({ ...draft, ...change }, ledger);
const read = (change: object): unknown => parseLeafOrThrow(canonicalBytes({ ...parseLeafOrThrow(bytes), ...change }));

describe('signLeaf', () => {
  it('writes canonical bytes whose signature verifies over the leaf without sig', () => {
    const leaf = parseLeafOrThrow(bytes);
    const { sig, ...content } = leaf;
    expect(content).toEqual(draft);
    expect(sig.key).toBe(ledger.keyId);
    expect(leafSigningInput(leaf)).toEqual(canonicalBytes(draft));
    expect(verifyLeafSignature(portableVerifier, leaf, ledger.publicKey)).toBe(true);
    expect(verifyLeafSignature(portableVerifier, leaf, till.publicKey)).toBe(false);
  });

  it('gives the same bytes whether the command comes as text or as an object', () => {
    expect(signLeaf({ ...draft, command: embedCommand(command) }, ledger)).toEqual(bytes);
  });

  it('writes every combination of optional members in canonical form', () => {
    const { facts, _sd, ...bare } = draft;
    const ref = { command: { ref: draft.id } };
    for (const optional of [{}, { facts }, { _sd }, ref, { ...ref, facts, _sd }]) {
      const leaf = parseLeafOrThrow(signLeaf({ ...bare, ...optional }, ledger));
      expect(verifyLeafSignature(portableVerifier, leaf, ledger.publicKey)).toBe(true);
    }
  });

  it('keeps nothing of a longer leaf in a shorter one', () => {
    const long = sign({ data: { text: 'x'.repeat(9000) } });
    expect(long.length).toBeGreaterThan(9000);
    expect(sign({})).toEqual(bytes);
  });

  it('signs 65,535 bytes and refuses one more', () => {
    const room = 65_535 - sign({ data: { text: '' } }).length;
    expect(sign({ data: { text: 'x'.repeat(room) } })).toHaveLength(65_535);
    expect(() => sign({ data: { text: 'x'.repeat(room + 1) } })).toThrow(withCode('too_large'));
    expect(() => sign({ data: { text: 'x'.repeat(99_999) } })).toThrow(withCode('too_large'));
  });
});

describe.each([
  ['signLeaf', sign],
  ['parseLeafOrThrow', read],
])('%s refuses', (_, use) => {
  it.each<[string, object]>([
    ['another format version', { v: 2 }],
    ['version 0', { version: 0 }],
    ['a day that the calendar lacks', { day: '2026-02-29' }],
    ['a day with a time', { day: '2026-11-23T00:00' }],
    ['a stream without a category', { stream: 'voucher' }],
    ['a quote in the stream', { stream: 'voucher-"' }],
    ['an id of version 7', { id: '018f1c1f-7b1e-7a53-9a3c-0d2a5b1f6e77' }],
    ['a type in lower case', { type: 'redeemed' }],
    ['data that is an array', { data: [] }],
    ['empty facts', { facts: [] }],
    ['facts out of order', { facts: [...draft.facts].reverse() }],
    ['a fact twice', { facts: [draft.facts[0], draft.facts[0]] }],
    ['a fact without a version', { facts: [['campaign-1']] }],
    ['a negative fact version', { facts: [['campaign-1', -1]] }],
    ['an empty _sd', { _sd: [] }],
    ['digests out of order', { _sd: [...draft._sd].reverse() }],
    ['a digest twice', { _sd: [draft._sd[0], draft._sd[0], draft._sd[1], draft._sd[2]] }],
    ['a reference and a body', { command: { ...draft.command, ref: draft.id } }],
    ['a reference that is no id', { command: { ref: 'x' } }],
    ['a command without signatures', { command: { ...draft.command, sigs: [] } }],
    ['the second party first', { command: { ...draft.command, sigs: [...command.sigs].reverse() } }],
    ['one key twice', { command: { ...draft.command, sigs: [command.sigs[0], command.sigs[0]] } }],
  ])('%s', (_, change) => {
    expect(() => use(change)).toThrow(withCode('bad_shape'));
  });
});

describe('parseLeafOrThrow', () => {
  it('refuses unknown and missing members', () => {
    expect(() => read({ extra: 1 })).toThrow(withCode('bad_shape'));
    expect(() => read({ sig: { ...parseLeafOrThrow(bytes).sig, alg: 'none' } })).toThrow(withCode('bad_shape'));
    expect(() => parseLeafOrThrow(canonicalBytes(draft))).toThrow(withCode('bad_shape'));
  });

  it('refuses any other writing of the same leaf', () => {
    const text = utf8DecodeOrThrow(bytes);
    const twice = text.replace('"version":3}', '"version":2,"version":3}');
    for (const other of [`${text}\n`, text.replace('"v":1', '"v": 1'), twice]) {
      expect(() => parseLeafOrThrow(utf8Encode(other))).toThrow(withCode('not_canonical'));
    }
  });

  it('or the signature finds any flipped bit', () => {
    const bit = fc.integer({ min: 0, max: bytes.length * 8 - 1 });
    fc.assert(
      fc.property(bit, (position) => {
        const flipped = bytes.slice();
        flipped[position >> 3] = (flipped[position >> 3] as number) ^ (1 << (position & 7));
        let valid = false;
        try {
          valid = verifyLeafSignature(portableVerifier, parseLeafOrThrow(flipped), ledger.publicKey);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedInput);
        }
        expect(valid).toBe(false);
        expect(leafHash(flipped)).not.toEqual(leafHash(bytes));
      }),
      { numRuns: 150 },
    );
  });
});

describe('leafHash', () => {
  it('is the leaf hash of RFC 6962, for short and for very long bytes', () => {
    for (const size of [0, 1, 100, 65_535, 70_000]) {
      const input = new Uint8Array(size).fill(5);
      expect(leafHash(input)).toEqual(sha256(concatBytes(Uint8Array.of(0), input)));
    }
  });
});
