import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { utf8Encode } from './bytes.js';
import { signCommand } from './command.js';
import type { Signer } from './ed25519.js';
import { base64Encode } from './base64.js';
import { canonicalBytes, type JsonObject } from './json.js';
import { readLeafOrThrow } from './leaf-parts.js';
import { scanLeaf } from './leaf-scan.js';
import { embedCommand, leafSigningInput, parseLeafOrThrow, signLeaf, type Fact, type LeafDraft } from './leaf.js';
import { MalformedInput } from './malformed-input.js';

/** Nothing here verifies a signature. */
const signerOf = (digit: string): Signer => ({
  keyId: digit.repeat(64),
  publicKey: new Uint8Array(32),
  sign: () => new Uint8Array(64),
});
const signer = signerOf('7');
const holder = signerOf('8');
const uuid = (version: 4 | 5, number: number): string =>
  `10000000-0000-${version}000-8000-${number.toString(16).padStart(12, '0')}`;
const digests = (letters: string): string[] => Array.from(letters, (letter) => `${letter.repeat(42)}A`);

/** Leaves of every shape that there is. */
function leaves(): Uint8Array[] {
  const datas: JsonObject[] = [
    { amountMinor: 0, list: [[1, 2], []], nested: { a: true, b: false, 'a b': '' }, text: 'plain' },
    { name: '灾后 "重建" \\ €', smile: '😀', tab: '\t' },
    { 2: 'x', 10: 'y', __proto__1: 'z', deep: [[[[[[1]]]]]], negative: -480 },
    {},
  ];
  const facts: (readonly Fact[] | undefined)[] = [
    undefined,
    [
      ['calendar-main', 0],
      ['key-aa', 12],
    ],
  ];
  const made: Uint8Array[] = [];
  for (const data of datas) {
    for (const named of facts) {
      for (const own of [undefined, digests('ABCD'), digests('ABCDabcd')]) {
        const body = {
          ...{ v: 1 as const, log: 'ledger.example/x', type: 'DoThings', id: uuid(4, 1), key: signer.keyId, data },
          anchor: { size: 3, root: base64Encode(new Uint8Array(32)) },
          ...(own === undefined ? {} : { _sd: own }),
        };
        const signed = embedCommand(signCommand({ body, signers: [signer, holder] }));
        for (const command of [{ ref: uuid(5, 2) }, signed])
          made.push(
            signLeaf({ ...draft(data, command), ...(named && { facts: named }), ...(own && { _sd: own }) }, signer),
          );
      }
    }
  }
  return made;
}

function draft(data: JsonObject, command: LeafDraft['command']): LeafDraft {
  const names = { log: 'ledger.example/x', type: 'ThingsDone', stream: 'thing-1.a_B' };
  return { v: 1, ...names, id: uuid(5, 3), version: 12, day: '2026-02-28', data, command };
}

const all = leaves();
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What a reader makes of bytes: a leaf, or the code of the fault. */
function outcome(read: (bytes: Uint8Array) => unknown, bytes: Uint8Array): unknown {
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof MalformedInput) return error.code;
    throw error;
  }
}

describe('reading a leaf with its parts', () => {
  it('gives the leaf of the plain reader, and where what was signed lies', () => {
    for (const bytes of all) {
      const { leaf, sigStart, sigEnd, bodyStart, bodyEnd } = readLeafOrThrow(bytes);
      expect(leaf).toStrictEqual(parseLeafOrThrow(bytes));
      const signed = Uint8Array.from([...bytes.subarray(0, sigStart), ...bytes.subarray(sigEnd)]);
      expect(decode(signed)).toBe(decode(leafSigningInput(leaf)));
      const body = 'ref' in leaf.command ? '' : decode(canonicalBytes(leaf.command.body));
      expect(decode(bytes.subarray(bodyStart, bodyEnd))).toBe(body);
    }
  });

  it('walks over plain leaves in one go', () => {
    expect(all.filter((bytes) => scanLeaf(bytes) !== undefined).length).toBeGreaterThanOrEqual(all.length / 2);
  });

  it('never differs from the plain reader, whatever is changed in a leaf', () => {
    const bits = fc.record({ which: fc.nat(all.length - 1), at: fc.nat(3_000), byte: fc.nat(255) });
    fc.assert(
      fc.property(bits, ({ which, at, byte }) => {
        const bytes = (all[which] as Uint8Array).slice();
        bytes[at % bytes.length] = byte;
        expect(outcome((one) => readLeafOrThrow(one).leaf, bytes)).toStrictEqual(outcome(parseLeafOrThrow, bytes));
      }),
      { numRuns: 1_000 },
    );
    const swaps = fc.constantFrom(
      ...[
        ['"v":1', '"v":2'],
        ['"v":1', '"v":1,"v":1'],
        [',"facts"', ',"fact"'],
        ['"day":"2026-02-28"', '"day":"2026-02-29"'],
      ],
      ...[
        ['AA', 'AAA'],
        ['==', '='],
        ['"_sd":', '"_sd" :'],
        ['{}', '{"b":1,"a":1}'],
        ['[[1,2],[]]', '[[01,2],[]]'],
        ['-4', '-5'],
      ],
      ...[
        ['"ThingsDone"', '"thingsDone"'],
        ['thing-1', 'thing1'],
        ['ledger.example/x', 'ledger example/x'],
        ['-8000-', '-7000-'],
      ],
      ...[
        ['"ref":', '"reF":'],
        ['true', 'true '],
        ['"version":12', '"version":0'],
        ['"version":12', '"version":9007199254740993'],
      ],
    );
    fc.assert(
      fc.property(fc.nat(all.length - 1), swaps, fc.nat(3), (which, [from = '', to = ''], skip) => {
        const pieces = decode(all[which] as Uint8Array).split(from);
        const at = Math.min(skip, pieces.length - 2);
        const text =
          at < 0 ? pieces.join(from) : pieces.slice(0, at + 1).join(from) + to + pieces.slice(at + 1).join(from);
        const bytes = utf8Encode(text);
        expect(outcome((one) => readLeafOrThrow(one).leaf, bytes)).toStrictEqual(outcome(parseLeafOrThrow, bytes));
      }),
      { numRuns: 600 },
    );
  });
});
