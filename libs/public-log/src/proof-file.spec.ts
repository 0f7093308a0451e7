import { base64DecodeOrThrow, MalformedInput, portableVerifier, sha256, utf8Encode } from '@aidtrail/envelope';
import { goldenLog } from './known-trees.examples.js';
import { parsePolicyOrThrow } from './policy.js';
import { formatProofFile, openProofFileOrThrow, parseProofFileOrThrow } from './proof-file.js';
import { createTreeHasher } from './rfc6962.js';

const hasher = createTreeHasher(sha256);
const policy = parsePolicyOrThrow(`log ${goldenLog.vkey}\nwitness W ${goldenLog.witnessVkey}\nquorum W\n`);
const file = ['c2sp.org/tlog-proof@v1', 'index 4', ...goldenLog.inclusionOf4In11, '', goldenLog.checkpoint11].join(
  '\n',
);
const five = hasher.leafHash(utf8Encode('five'));

function open(text: string, leafHash = five) {
  return openProofFileOrThrow(parseProofFileOrThrow(text), { leafHash, policy, verifier: portableVerifier, hasher });
}

describe('a proof file', () => {
  it('proves the golden entry offline, from the log to its witness', () => {
    const { checkpoint, cosignedBy } = open(file);
    expect(checkpoint.size).toBe(11);
    expect(cosignedBy).toEqual([{ witness: 'W', time: 1_700_000_000 }]);
  });

  it('is read and written again, with what an application adds', () => {
    const proof = goldenLog.inclusionOf4In11.map((hash) => base64DecodeOrThrow(hash));
    const made = { index: 4, proof, checkpoint: goldenLog.checkpoint11 };
    expect(formatProofFile(made)).toBe(file);
    expect(parseProofFileOrThrow(file)).toEqual(made);
    const withExtra = { ...made, extra: utf8Encode('about it') };
    expect(parseProofFileOrThrow(formatProofFile(withExtra))).toEqual(withExtra);
  });

  it('does not prove another entry, nor another place', () => {
    expect(() => open(file, hasher.leafHash(utf8Encode('six')))).toThrow('root_mismatch');
    expect(() => open(file.replace('index 4', 'index 5'))).toThrow('root_mismatch');
    expect(() => open(file.replace('index 4', 'index 11'))).toThrow('index_out_of_range');
    expect(() => open(file.replace(`${goldenLog.inclusionOf4In11[3]}\n`, ''))).toThrow('proof_length_wrong');
  });

  it('proves nothing under a checkpoint that too few have cosigned', () => {
    expect(() => open(file.split('\u2014 Wit1')[0] as string)).toThrow('quorum_not_met');
  });

  it.each([
    ['another header', file.replace('@v1', '@v2')],
    ['broken base64 in extra', file.replace('index 4', 'extra YR==\nindex 4')],
    ['no index', file.replace('index 4\n', '')],
    ['an index that is no number', file.replace('index 4', 'index NaN')],
    ['a negative index', file.replace('index 4', 'index -4')],
    ['a leading zero', file.replace('index 4', 'index 04')],
    ['an index of 2^53', file.replace('index 4', 'index 9007199254740992')],
    ['a hash that is not base64', file.replace('yiM+', 'yiM*')],
    ['a hash of 64 bytes', file.replace('index 4', `index 4\n${'A'.repeat(86)}==`)],
    ['64 hashes', file.replace('index 4', `index 4\n${`${'A'.repeat(43)}=\n`.repeat(60).trimEnd()}`)],
    ['no checkpoint', file.split('\n\n')[0] as string],
    ['carriage returns', file.replaceAll('\n', '\r\n')],
  ])('is refused with %s', (_, text) => {
    expect(() => parseProofFileOrThrow(text)).toThrow(MalformedInput);
  });
});
