import { describe, expect, it } from '@jest/globals';
import { hexEncode, sha256, utf8Encode } from '@aidtrail/envelope';
import { parsePolicyOrThrow } from '@aidtrail/public-log';
import { publishLog, witnessesForSpecs } from '@aidtrail/testing/published-log';
import { verifier } from '@aidtrail/testing/reading';
import { openLogCheckpoint, type LogCheckpoint } from './log-checkpoint.js';
import { drawSample, mostGhosts, sampleSeed } from './sample.js';

const draw = (population: number, count: number, seed: Uint8Array = new Uint8Array(32)): readonly number[] =>
  drawSample({ seed, population, count }, sha256);

describe('the seed of a sample', () => {
  const log = publishLog([utf8Encode('one')], { origin: 'log.example/specs', witnesses: witnessesForSpecs(3) });
  const policy = parsePolicyOrThrow(log.policy);
  const seedOf = (note: string): string => {
    const checkpoint = openLogCheckpoint(note, policy, verifier) as LogCheckpoint;
    return hexEncode(sampleSeed(checkpoint, policy, sha256));
  };

  it('is the hash of the note with the cosignatures that hold, in whatever order and company they stand', () => {
    const [text = '', signatures = ''] = log.checkpoint.split('\n\n');
    const [own, first, second, third] = signatures.trim().split('\n');
    const noteOf = (...lines: readonly (string | undefined)[]): string => `${text}\n\n${lines.join('\n')}\n`;
    const unknown = '— somebody.else AAAAAAAA';
    expect(seedOf(noteOf(third, unknown, first, own, second))).toBe(seedOf(log.checkpoint));
    expect(seedOf(log.checkpoint)).toBe(hexEncode(sha256(utf8Encode(noteOf(first, second, third)))));
    expect(seedOf(noteOf(own, first, second))).not.toBe(seedOf(log.checkpoint));
  });
});

describe('a sample', () => {
  it('is the same for everybody, each place once, and all of a small population', () => {
    // Drawn by a program in another language.
    expect(draw(1_000, 5)).toEqual([587, 136, 852, 691, 432]);
    expect(new Set(draw(1_000, 500)).size).toBe(500);
    expect([...draw(7, 100)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(draw(0, 5)).toEqual([]);
    expect(draw(1_000, 5, new Uint8Array(32).fill(1))).not.toEqual(draw(1_000, 5));
  });

  it('favours no place', () => {
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 200; i += 1)
      for (const place of draw(10, 3, utf8Encode(`seed ${i}`))) counts[place] = (counts[place] as number) + 1;
    // 60 expected; the standard deviation is 6.5.
    for (const count of counts) expect(Math.abs(count - 60)).toBeLessThan(33);
  });
});

describe('what a sample without ghosts proves', () => {
  it('is what the hypergeometric distribution says', () => {
    // 20 of 100: with 13 ghosts none is drawn in 4.4 % of cases, with 12 in 5.7 %.
    expect(mostGhosts(100, 20, 0.95)).toBe(12);
    expect(mostGhosts(10, 9, 0.95)).toBe(1);
    expect(mostGhosts(10, 10, 0.95)).toBe(0);
    expect(mostGhosts(10, 1, 0.95)).toBe(9);
  });

  it('comes near the rule of 1 − 0.05^(1/n) in a large population', () => {
    for (const count of [30, 60, 300]) {
      const share = mostGhosts(100_000_000, count, 0.95) / 100_000_000;
      expect(Math.abs(share - (1 - 0.05 ** (1 / count)))).toBeLessThan(0.0001);
    }
  });
});
