import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sodiumSigner, sodiumVerifier } from '@aidtrail/crypto-node';
import { base64Encode } from '@aidtrail/envelope';
import {
  draftOpening,
  missingSignatures,
  openingCommandOrThrow,
  readOpeningOrThrow,
  signOpening,
  writeOpening,
} from './opening.js';

const signer = (fill: number) => sodiumSigner(new Uint8Array(32).fill(fill));
const [first, second, stranger] = [signer(1), signer(2), signer(3)];
const roots = [first, second].map(({ publicKey }, i) => ({
  officer: `root-${i + 1}`,
  publicKey: base64Encode(publicKey),
}));
const terms = {
  origin: 'ledger.example/relief',
  roots,
  eventKey: base64Encode(signer(4).publicKey),
  checkpointVkey: 'ledger.example/relief+00000000+AA',
  utcOffsetMinutes: 480,
  currency: 'CNY',
  openingDay: '2026-11-01',
  k: 10,
};
const id = '9f1d3a70-4f5e-4a70-8d2b-1c2d3e4f5a6b';

describe('the opening of a ledger', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'opening-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('becomes the command of leaf 0 once every root has signed, in whatever order', () => {
    const draft = draftOpening(terms, id);
    expect(missingSignatures(draft, sodiumVerifier)).toEqual(['root-1', 'root-2']);
    const half = signOpening(draft, second);
    expect(missingSignatures(half, sodiumVerifier)).toEqual(['root-1']);
    expect(() => openingCommandOrThrow(half, sodiumVerifier)).toThrow(/root-1/);
    const command = openingCommandOrThrow(signOpening(half, first), sodiumVerifier);
    expect(command.body).toMatchObject({ type: 'OpenLedger', log: terms.origin, key: first.keyId, data: terms });
    expect(command.sigs.map(({ key }) => key)).toEqual([first.keyId, second.keyId]);
  });

  it('counts a root once, and takes no key that it does not name', () => {
    const twice = signOpening(signOpening(draftOpening(terms, id), first), first);
    expect(twice.signatures).toHaveLength(1);
    expect(() => signOpening(twice, stranger)).toThrow(/none of the roots/);
  });

  it('needs two different root keys', () => {
    expect(() => draftOpening({ ...terms, roots: roots.slice(0, 1) }, id)).toThrow(/at least two/);
    const same = [roots[0], { ...roots[0], officer: 'root-2' }] as typeof roots;
    expect(() => draftOpening({ ...terms, roots: same }, id)).toThrow(/the same/);
    const weak = [roots[0], { officer: 'root-2', publicKey: base64Encode(new Uint8Array(32)) }] as typeof roots;
    expect(() => draftOpening({ ...terms, roots: weak }, id)).toThrow(/acceptable/);
  });

  it('goes from root to root as a file and comes back the same', async () => {
    const path = join(directory, 'opening.json');
    const signed = signOpening(draftOpening(terms, id), first);
    await writeOpening(path, signed);
    expect(await readOpeningOrThrow(path)).toEqual(signed);
  });

  it.each([
    [
      'terms that people read differ from the bytes that are signed',
      (text: string) => text.replace('"k": 10', '"k": 5'),
    ],
    ['it was cut off', (text: string) => text.slice(0, -20)],
    ['the bytes are of another command', (text: string) => text.replace(/"payload": "[^"]*"/, '"payload": "e30="')],
    ['signatures are missing altogether', (text: string) => text.replace('"signatures"', '"other"')],
  ])('is refused when %s', async (_name, damage) => {
    const path = join(directory, 'damaged.json');
    await writeOpening(path, signOpening(draftOpening(terms, id), first));
    const text = await readFile(path, 'utf8');
    expect(damage(text)).not.toBe(text);
    await writeFile(path, damage(text));
    await expect(readOpeningOrThrow(path)).rejects.toThrow(/not an opening/);
  });
});
