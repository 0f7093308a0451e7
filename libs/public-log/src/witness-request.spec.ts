import { base64DecodeOrThrow, MalformedInput, sha256 } from '@aidtrail/envelope';
import { parseCheckpointOrThrow } from './checkpoint.js';
import { goldenLog } from './known-trees.examples.js';
import { checkConsistency } from './proof-checking.js';
import { createTreeHasher } from './rfc6962.js';
import { parseNoteOrThrow } from './signed-note.js';
import { formatAddCheckpoint, parseAddCheckpointOrThrow } from './witness-request.js';

const [checkpoint] = goldenLog.checkpoint11.split('\u2014 Wit1') as [string];
const body = ['old 3', ...goldenLog.consistencyFrom3To11, '', checkpoint].join('\n');

describe('a request to a witness', () => {
  it('shows that the log only grew', () => {
    const { oldSize, proof, checkpoint: note } = parseAddCheckpointOrThrow(body);
    const old = parseCheckpointOrThrow(parseNoteOrThrow(goldenLog.checkpoint3).text);
    const to = parseCheckpointOrThrow(parseNoteOrThrow(note).text);
    expect(oldSize).toBe(old.size);
    expect(checkConsistency({ from: old, to, proof }, createTreeHasher(sha256))).toBeUndefined();
  });

  it('is written as it is read', () => {
    const proof = goldenLog.consistencyFrom3To11.map((hash) => base64DecodeOrThrow(hash));
    expect(formatAddCheckpoint({ oldSize: 3, proof, checkpoint })).toBe(body);
    const first = { oldSize: 0, proof: [], checkpoint };
    expect(parseAddCheckpointOrThrow(formatAddCheckpoint(first))).toEqual(first);
  });

  it.each([
    ['no old size', body.replace('old 3\n', '')],
    ['an old size with a leading zero', body.replace('old 3', 'old 03')],
    ['a negative old size', body.replace('old 3', 'old -3')],
    ['a hexadecimal old size', body.replace('old 3', 'old 0x3')],
    ['an old size of 2^64', body.replace('old 3', 'old 18446744073709551616')],
    ['two spaces', body.replace('old 3', 'old  3')],
    ['a short hash', body.replace('Zx8U', 'Zx8=')],
    ['64 hashes', body.replace('old 3', `old 3\n${`${'A'.repeat(43)}=\n`.repeat(59).trimEnd()}`)],
    ['no checkpoint', body.split('\n\n')[0] as string],
    ['an unsigned checkpoint', body.split('\u2014')[0] as string],
    ['an empty body', ''],
  ])('is refused with %s', (_, text) => {
    expect(() => parseAddCheckpointOrThrow(text)).toThrow(MalformedInput);
  });
});
