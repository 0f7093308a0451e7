import {
  base64DecodeOrThrow,
  base64Encode,
  concatBytes,
  MalformedInput,
  portableSigner,
  portableVerifier,
  utf8Encode,
} from '@aidtrail/envelope';
import {
  createNoteSigner,
  formatNote,
  NoteRejected,
  openNoteOrThrow,
  parseNoteOrThrow,
  signNote,
} from './signed-note.js';
import { parseSkeyOrThrow, parseVkeyOrThrow } from './vkey.js';

const specKey = parseVkeyOrThrow('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
const specNote = `This is an example message.

\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;

const peter = parseVkeyOrThrow('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
const peterSecret = parseSkeyOrThrow('PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz');
const enoch = parseVkeyOrThrow('EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop');
const goText = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.
`;
const peterLine =
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const enochLine =
  '\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
const goNote = `${goText}\n${peterLine}${enochLine}`;

/** The same line with its last signature byte changed. */
function forged(line: string): string {
  const [dash, name, encoded] = line.trimEnd().split(' ') as [string, string, string];
  const bytes = base64DecodeOrThrow(encoded);
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  return `${dash} ${name} ${base64Encode(bytes)}\n`;
}

const open = (note: string | Uint8Array, keys = [peter]) => openNoteOrThrow(note, keys, portableVerifier);

describe('signing a note', () => {
  it('reproduces the Go implementation bit for bit', () => {
    const signer = createNoteSigner(peterSecret.name, portableSigner(peterSecret.seed));
    expect(signer.key).toEqual(peter);
    expect(signer.key.keyId).toBe(peterSecret.keyId);
    expect(signNote(goText, [signer])).toBe(`${goText}\n${peterLine}`);
  });

  it('refuses what could not be read back', () => {
    const signer = createNoteSigner(peterSecret.name, portableSigner(peterSecret.seed));
    expect(() => signNote('no newline at the end', [signer])).toThrow(MalformedInput);
    expect(() => signNote('a tab\t\n', [signer])).toThrow(MalformedInput);
    expect(() => signNote('half a pair \ud800\n', [signer])).toThrow(MalformedInput);
    expect(() => signNote(goText, [])).toThrow(MalformedInput);
    expect(() => createNoteSigner('two words', portableSigner(peterSecret.seed))).toThrow(MalformedInput);
  });
});

describe('opening a note', () => {
  it("accepts the specification's and Go's examples, as text and as bytes", () => {
    expect(open(specNote, [specKey]).text).toBe('This is an example message.\n');
    const opened = open(utf8Encode(goNote), [peter, enoch]);
    expect(opened.text).toBe(goText);
    expect(opened.verified.map((line) => line.name)).toEqual(['PeterNeumann', 'EnochRoot']);
    expect(opened.unknown).toEqual([]);
  });

  it('sets unknown keys aside, also when they share a known name or carry nonsense', () => {
    const sameName = `\u2014 PeterNeumann ${base64Encode(Uint8Array.of(1, 2, 3, 4, 5))}\n`;
    const opened = open(`${goText}\n${sameName}${peterLine}${forged(enochLine)}`);
    expect(opened.verified.map((line) => line.keyId)).toEqual(['c74f20a3']);
    expect(opened.unknown.map(({ name, keyId }) => `${name} ${keyId}`)).toEqual([
      'PeterNeumann 01020304',
      'EnochRoot af0cfe78',
    ]);
  });

  it('rejects the whole note when one known key fails, even beside one that verifies', () => {
    expect(() => open(`${goText}\n${peterLine}${forged(enochLine)}`, [peter, enoch])).toThrow(
      new NoteRejected('known_signature_invalid'),
    );
    expect(() => open(goNote.replace('answer', 'Answer'))).toThrow(new NoteRejected('known_signature_invalid'));
    const short = `\u2014 PeterNeumann ${base64Encode(Uint8Array.of(0xc7, 0x4f, 0x20, 0xa3, 1))}\n`;
    expect(() => open(`${goText}\n${short}`)).toThrow(new NoteRejected('known_signature_invalid'));
  });

  it('rejects a note that no known key signed', () => {
    expect(() => open(goNote, [specKey])).toThrow(new NoteRejected('no_known_signature'));
    expect(() => open(goNote, [])).toThrow(new NoteRejected('no_known_signature'));
  });

  it('counts a key once: later lines of it are ignored', () => {
    const opened = open(`${goText}\n${peterLine}${peterLine}${forged(peterLine)}`);
    expect(opened.verified).toHaveLength(1);
    expect(() => open(`${goText}\n${forged(peterLine)}${peterLine}`)).toThrow(NoteRejected);
  });

  it('refuses two keys that cannot be told apart by name and key id', () => {
    expect(() => open(goNote, [peter, { ...peter, publicKey: enoch.publicKey }])).toThrow(MalformedInput);
    expect(open(goNote, [peter, { ...peter }]).verified).toHaveLength(1);
  });
});

describe('reading a note', () => {
  it('splits at the last empty line, so the text may have its own', () => {
    const text = 'one\n\ntwo\n\n\nthree\n\n';
    expect(parseNoteOrThrow(`${text}\n${peterLine}`).text).toBe(text);
    const signer = createNoteSigner(peterSecret.name, portableSigner(peterSecret.seed));
    expect(open(signNote(text, [signer])).text).toBe(text);
  });

  it('gives back what formatNote wrote', () => {
    expect(formatNote(parseNoteOrThrow(goNote))).toBe(goNote);
    expect(parseNoteOrThrow(specNote).signatures[0]?.signature).toHaveLength(64);
  });

  it('keeps a byte order mark as part of the text, where it breaks the signature', () => {
    const marked = concatBytes(Uint8Array.of(0xef, 0xbb, 0xbf), utf8Encode(goNote));
    expect(parseNoteOrThrow(marked).text).toBe(`\ufeff${goText}`);
    expect(() => open(marked)).toThrow(NoteRejected);
  });

  it('accepts up to 100 signatures', () => {
    expect(parseNoteOrThrow(`${goText}\n${peterLine.repeat(100)}`).signatures).toHaveLength(100);
    expect(() => parseNoteOrThrow(`${goText}\n${peterLine.repeat(101)}`)).toThrow(MalformedInput);
  });

  const [, , encoded] = peterLine.trimEnd().split(' ') as [string, string, string];
  it.each<[string, string | Uint8Array]>([
    ['nothing', ''],
    ['the text only', goText],
    ['the text and an empty line', `${goText}\n`],
    ['no text', `\n${peterLine}`],
    ['no newline at the end', goNote.slice(0, -1)],
    ['a control character', goNote.replace('crypto', '\u0001')],
    ['a tab', goNote.replace(' is', '\tis')],
    ['carriage returns', goNote.replaceAll('\n', '\r\n')],
    ['invalid UTF-8', concatBytes(Uint8Array.of(0xff), utf8Encode(goNote))],
    ['half a surrogate pair', `\ud800${goNote}`],
    ['a name with a space', `${goText}\n\u2014 Peter Neumann ${encoded}\n`],
    ['a name with a no-break space', `${goText}\n\u2014 Peter\u00a0Neumann ${encoded}\n`],
    ['a name with U+0085', `${goText}\n\u2014 Peter\u0085Neumann ${encoded}\n`],
    ['a name with a plus sign', `${goText}\n\u2014 Peter+Neumann ${encoded}\n`],
    ['an empty name', `${goText}\n\u2014  ${encoded}\n`],
    ['a hyphen for the dash', `${goText}\n- PeterNeumann ${encoded}\n`],
    ['two spaces', `${goText}\n\u2014 PeterNeumann  ${encoded}\n`],
    ['a line after the signatures', `${goNote}trailing\n`],
    ['an empty line after the signatures', `${goNote}\n`],
    ['a space after a signature', goNote.replace(/\n$/, ' \n')],
    ['no signature in the line', `${goText}\n\u2014 PeterNeumann \n`],
    ['a signature of four bytes', `${goText}\n\u2014 PeterNeumann AAAAAA==\n`],
    ['base64 without padding', `${goText}\n\u2014 PeterNeumann ${encoded.slice(0, -1)}\n`],
    ['base64 with unused bits set', `${goText}\n\u2014 PeterNeumann ${encoded.slice(0, -2)}N=\n`],
    ['the alphabet of base64url', `${goText}\n\u2014 PeterNeumann ${encoded.replaceAll('/', '_')}\n`],
  ])('refuses %s', (_, note) => {
    expect(() => parseNoteOrThrow(note)).toThrow(MalformedInput);
  });
});
