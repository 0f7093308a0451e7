import { describe, expect, it } from '@jest/globals';
import type { LeafJob, LeafTools } from './index.js';
import {
  concatBytes,
  digestOf,
  encodeDisclosure,
  openDisclosures,
  parseDisclosureOrThrow,
  parseLeafOrThrow,
  portableSigner,
  portableVerifier,
  prepareLeaf,
  utf8DecodeOrThrow,
  utf8Encode,
  verifyLeafSignature,
} from './index.js';

const withCode = (code: string): Error => expect.objectContaining({ name: 'MalformedInput', code }) as unknown as Error;
const signer = portableSigner(new Uint8Array(32).fill(3));
/** Shows what was sealed, for whom and with which key, in place of encrypting it. */
const tools: LeafTools = { signer, seal: (key, id, plaintext) => concatBytes(key, utf8Encode(id), plaintext) };
const job: LeafJob = {
  log: 'relief.example.org/log',
  id: '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  type: 'VoucherIssued',
  stream: 'voucher-00000000-0000-8000-8000-000000000000',
  version: 1,
  day: '2026-11-23',
  data: { number: 17, interval: [17_000, 1_000] },
  facts: [
    ['campaign-2', 4],
    ['batch-1', 3],
  ],
  command: { ref: '2f1c1f6e-7b1e-4a53-9a3c-0d2a5b1f6e77' },
  privateFields: { partner: 'p-1', group: 'elderly', community: 'c-9' },
  sealKey: new Uint8Array(32).fill(8),
};
const prepared = prepareLeaf(job, tools);

function sealedDisclosures(sealed: Uint8Array | undefined): string[] {
  const plaintext = utf8DecodeOrThrow((sealed as Uint8Array).slice(32 + 36));
  return JSON.parse(plaintext) as string[];
}

describe('prepareLeaf', () => {
  it('makes a leaf that verifies, and sealed disclosures that open its digests', () => {
    const leaf = parseLeafOrThrow(prepared.bytes);
    expect(verifyLeafSignature(portableVerifier, leaf, signer.publicKey)).toBe(true);
    expect(leaf.facts).toEqual([
      ['batch-1', 3],
      ['campaign-2', 4],
    ]);
    const disclosures = sealedDisclosures(prepared.sealed);
    expect(openDisclosures(disclosures)).toEqual(job.privateFields);
    expect(leaf._sd).toHaveLength(4);
    expect(disclosures.every((disclosure) => leaf._sd?.includes(digestOf(disclosure)))).toBe(true);
    expect(prepared.sealed?.slice(0, 68)).toEqual(concatBytes(job.sealKey as Uint8Array, utf8Encode(job.id)));
  });

  it('says nothing private in the leaf', () => {
    const text = utf8DecodeOrThrow(prepared.bytes);
    for (const value of ['p-1', 'elderly', 'c-9', 'partner', 'community']) expect(text).not.toContain(value);
  });

  it('gives the same bytes again, in whatever order facts and fields come', () => {
    const shuffled: LeafJob = {
      ...job,
      facts: [...(job.facts ?? [])].reverse(),
      privateFields: { community: 'c-9', group: 'elderly', partner: 'p-1' },
    };
    expect(prepareLeaf(job, tools)).toEqual(prepared);
    expect(prepareLeaf(shuffled, tools)).toEqual(prepared);
  });

  it('draws other salts and decoys for each field, event and key', () => {
    const others = [
      prepared,
      prepareLeaf({ ...job, id: '2f1c1f6e-7b1e-4a53-9a3c-0d2a5b1f6e77' }, tools),
      prepareLeaf({ ...job, sealKey: new Uint8Array(32).fill(9) }, tools),
    ];
    const salts = others.flatMap(({ sealed }) =>
      sealedDisclosures(sealed).map((disclosure) => parseDisclosureOrThrow(disclosure).salt.join()),
    );
    expect(new Set(salts).size).toBe(9);
    const digests = others.flatMap(({ bytes }) => parseLeafOrThrow(bytes)._sd ?? []);
    expect(new Set(digests).size).toBe(12);
  });

  it("seals the command's disclosures before its own and digests only its own", () => {
    const disclosure = encodeDisclosure({ salt: new Uint8Array(16), name: 'time', value: '10:00' });
    const both = prepareLeaf({ ...job, commandDisclosures: [disclosure] }, tools);
    expect(sealedDisclosures(both.sealed)[0]).toBe(disclosure);
    expect(Object.keys(openDisclosures(sealedDisclosures(both.sealed)))).toEqual([
      'time',
      'community',
      'group',
      'partner',
    ]);
    expect(parseLeafOrThrow(both.bytes)._sd).toEqual(parseLeafOrThrow(prepared.bytes)._sd);
    const { privateFields: _, ...without } = job;
    const commandOnly = prepareLeaf({ ...without, commandDisclosures: [disclosure] }, tools);
    expect(sealedDisclosures(commandOnly.sealed)).toEqual([disclosure]);
    expect(parseLeafOrThrow(commandOnly.bytes)).not.toHaveProperty('_sd');
  });

  it('leaves out what is empty', () => {
    const { privateFields: _, sealKey: __, ...bare } = job;
    const plain = prepareLeaf({ ...bare, facts: [], privateFields: {}, commandDisclosures: [] }, tools);
    expect(plain).not.toHaveProperty('sealed');
    expect(parseLeafOrThrow(plain.bytes)).not.toHaveProperty('_sd');
    expect(parseLeafOrThrow(plain.bytes)).not.toHaveProperty('facts');
  });

  it('refuses private fields without a key, and one name from command and ledger', () => {
    const { sealKey: _, ...keyless } = job;
    expect(() => prepareLeaf(keyless, tools)).toThrow(withCode('bad_shape'));
    expect(() => prepareLeaf({ ...job, sealKey: new Uint8Array(16) }, tools)).toThrow(withCode('bad_shape'));
    const group = encodeDisclosure({ salt: new Uint8Array(16), name: 'group', value: 'other' });
    expect(() => prepareLeaf({ ...job, commandDisclosures: [group] }, tools)).toThrow(withCode('bad_disclosure'));
  });
});
