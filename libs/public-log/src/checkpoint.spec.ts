import { base64Encode, MalformedInput, portableSigner, portableVerifier, sha256 } from '@aidtrail/envelope';
import { formatCheckpoint, openCheckpointOrThrow, parseCheckpointOrThrow, signCheckpoint } from './checkpoint.js';
import { CompactRange } from './compact-range.js';
import { goldenLog } from './known-trees.examples.js';
import { createTreeHasher } from './rfc6962.js';
import { createNoteSigner, NoteRejected } from './signed-note.js';
import { formatVkey, parseSkeyOrThrow } from './vkey.js';

const hasher = createTreeHasher(sha256);
const origin = 'example.com/log/testdata';
const root = hasher.emptyRoot;
const goldenSigner = createNoteSigner(origin, portableSigner(parseSkeyOrThrow(goldenLog.skey).seed));

function goldenRoot(size: number): Uint8Array {
  const range = new CompactRange(hasher);
  range.appendMany(goldenLog.entries.slice(0, size).map((entry) => hasher.leafHash(entry)));
  return range.root();
}

describe('a checkpoint', () => {
  it('is the golden log byte for byte: hashed, formatted and signed here', () => {
    expect(formatVkey(goldenSigner.key)).toBe(goldenLog.vkey);
    expect(signCheckpoint({ origin, size: 3, root: goldenRoot(3) }, goldenSigner)).toBe(goldenLog.checkpoint3);
    const [logLineOnly] = goldenLog.checkpoint11.split('\u2014 Wit1');
    expect(signCheckpoint({ origin, size: 11, root: goldenRoot(11) }, goldenSigner)).toBe(logLineOnly);
  });

  it('opens with the key of the log, other signatures set aside', () => {
    const opened = openCheckpointOrThrow(goldenLog.checkpoint11, goldenLog.vkey, portableVerifier);
    expect(opened.checkpoint).toEqual({ origin, size: 11, root: goldenRoot(11), extensions: [] });
    expect(opened.text).toBe(goldenLog.checkpoint11.split('\n').slice(0, 3).join('\n') + '\n');
    expect(opened.otherSignatures.map(({ name, keyId }) => [name, keyId])).toEqual([['Wit1', '9b3fb2d5']]);
  });

  it('has a decimal size, 0 for the empty tree', () => {
    const text = formatCheckpoint({ origin, size: 0, root });
    expect(text).toBe('example.com/log/testdata\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n');
    expect(parseCheckpointOrThrow(text)).toEqual({ origin, size: 0, root, extensions: [] });
  });

  it("is not accepted for another log, although this log's key signed it", () => {
    const foreign = signCheckpoint({ origin: 'example.com/other', size: 0, root }, goldenSigner);
    expect(() => openCheckpointOrThrow(foreign, goldenLog.vkey, portableVerifier)).toThrow(MalformedInput);
    const opened = openCheckpointOrThrow(foreign, goldenLog.vkey, portableVerifier, 'example.com/other');
    expect(opened.checkpoint.origin).toBe('example.com/other');
  });

  it('is not accepted with any character of its text changed', () => {
    const body = goldenLog.checkpoint3.indexOf('\n\n');
    for (let i = 0; i < body; i += 7) {
      const changed = String.fromCharCode(goldenLog.checkpoint3.charCodeAt(i) ^ 1);
      const note = goldenLog.checkpoint3.slice(0, i) + changed + goldenLog.checkpoint3.slice(i + 1);
      expect(() => openCheckpointOrThrow(note, goldenLog.vkey, portableVerifier)).toThrow();
    }
    const bigger = goldenLog.checkpoint3.replace('\n3\n', '\n4\n');
    expect(() => openCheckpointOrThrow(bigger, goldenLog.vkey, portableVerifier)).toThrow(NoteRejected);
  });

  it('is read with extension lines, which it never writes', () => {
    const text = `${formatCheckpoint({ origin, size: 1, root })}extension one\nextension two\n`;
    expect(parseCheckpointOrThrow(text).extensions).toEqual(['extension one', 'extension two']);
  });

  const encoded = base64Encode(root);
  it.each([
    ['no final newline', `a\n1\n${encoded}`],
    ['two lines', 'a\n1\n'],
    ['an empty origin', `\n1\n${encoded}\n`],
    ['an empty extension line', `a\n1\n${encoded}\n\n`],
    ['a leading zero', `a\n01\n${encoded}\n`],
    ['a sign', `a\n+1\n${encoded}\n`],
    ['a negative size', `a\n-1\n${encoded}\n`],
    ['a hexadecimal size', `a\n0x10\n${encoded}\n`],
    ['a space before the size', `a\n 1\n${encoded}\n`],
    ['no size', `a\n\n${encoded}\n`],
    ['an exponent', `a\n1e3\n${encoded}\n`],
    ['digits of another script', `a\n\u0661\n${encoded}\n`],
    ['a size beyond 2^53', `a\n9007199254740992\n${encoded}\n`],
    ['a root of 31 bytes', `a\n1\n${base64Encode(root.subarray(1))}\n`],
    ['a root without padding', `a\n1\n${encoded.slice(0, -1)}\n`],
  ])('is refused with %s', (_, text) => {
    expect(() => parseCheckpointOrThrow(text)).toThrow(MalformedInput);
  });

  it('is not written when it could not be read back', () => {
    expect(() => formatCheckpoint({ origin: 'two\nlines', size: 1, root })).toThrow(MalformedInput);
    expect(() => formatCheckpoint({ origin: `a\n1\n${encoded}`, size: 1, root })).toThrow(MalformedInput);
    expect(() => formatCheckpoint({ origin: '', size: 1, root })).toThrow(MalformedInput);
    expect(() => formatCheckpoint({ origin, size: 1.5, root })).toThrow(MalformedInput);
    expect(() => formatCheckpoint({ origin, size: 1, root: new Uint8Array(31) })).toThrow(MalformedInput);
  });
});
