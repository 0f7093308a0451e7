import { concatBytes, utf8Encode, type Sha256 } from '@aidtrail/envelope';
import { formatSignatureLine, type LogPolicy } from '@aidtrail/public-log';
import type { LogCheckpoint } from './log-checkpoint.js';

/** Bytes of a hash that a number is made of: 2^48 is exact in JavaScript. */
const NUMBER_BYTES = 6;
const COUNTER_BYTES = 8;

/**
 * The seed of a sample: SHA-256 over the note of the checkpoint with nothing but the cosignatures that hold, in the order
 * of the policy. Nobody knows it before the witnesses have signed, and everybody who has the note comes by the same.
 */
export function sampleSeed({ text, cosigned }: LogCheckpoint, policy: LogPolicy, sha256: Sha256): Uint8Array {
  const lines = cosigned.flatMap(({ witness, signature }) => {
    const key = policy.witnesses.find(({ name }) => name === witness)?.key;
    return key === undefined ? [] : [formatSignatureLine({ name: key.name, keyId: key.keyId, signature })];
  });
  return sha256(utf8Encode(`${text}\n${lines.join('')}`));
}

/**
 * `count` different places out of `population` (below 2^48), in the order in which they are drawn. Draw number c = 0, 1, …
 * is the first 48 bits, big-endian, of SHA-256(seed ‖ c in 64 bits, big-endian), if it is below the largest multiple of
 * `population`, modulo `population`; a place drawn before is passed over.
 */
export function drawSample(
  { seed, population, count }: { readonly seed: Uint8Array; readonly population: number; readonly count: number },
  sha256: Sha256,
): readonly number[] {
  const drawn = new Set<number>();
  const space = 2 ** (8 * NUMBER_BYTES);
  const fair = space - (space % Math.max(1, population));
  for (let counter = 0; drawn.size < Math.min(count, population); counter += 1) {
    const hash = sha256(concatBytes(seed, counterBytes(counter)));
    let value = 0;
    for (let i = 0; i < NUMBER_BYTES; i += 1) value = value * 256 + (hash[i] as number);
    if (value < fair) drawn.add(value % population);
  }
  return [...drawn];
}

/**
 * The largest number of ghosts that `population` may hold if none is among `count` drawn, with the confidence given (0.95):
 * with more of them, a sample without any would have come up in less than 1 of 20 cases. Hypergeometric, exact.
 */
export function mostGhosts(population: number, count: number, confidence: number): number {
  if (count >= population) return 0;
  const chanceOfNone = (ghosts: number): number => {
    if (ghosts > population - count) return 0;
    let log = 0;
    for (let i = 0; i < count; i += 1) log += Math.log1p(-ghosts / (population - i));
    return Math.exp(log);
  };
  let [possible, impossible] = [0, population + 1];
  while (impossible - possible > 1) {
    const middle = Math.floor((possible + impossible) / 2);
    if (chanceOfNone(middle) >= 1 - confidence) possible = middle;
    else impossible = middle;
  }
  return possible;
}

function counterBytes(counter: number): Uint8Array {
  const bytes = new Uint8Array(COUNTER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(counter / 2 ** 32));
  view.setUint32(4, counter % 2 ** 32);
  return bytes;
}
