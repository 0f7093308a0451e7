import { createHash, randomBytes } from 'node:crypto';

/**
 * All randomness of the demo comes from one of these, so that a run can be repeated. It is no generator for real keys
 * unless its source is: `systemRandom` is, `seededRandom` is for stories and tests.
 */
export class Random {
  constructor(private readonly source: (length: number) => Uint8Array) {}

  bytes(length: number): Uint8Array {
    return this.source(length);
  }

  /** A whole number from 0 up to, not including, `bound` (at most 2^32), each equally likely. */
  below(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > RANGE) throw new RangeError('The bound must be 1 to 2^32.');
    // Numbers beyond the last whole multiple of the bound would favour small results.
    const limit = RANGE - (RANGE % bound);
    for (;;) {
      const bytes = this.bytes(4);
      const value = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
      if (value < limit) return value % bound;
    }
  }

  /** From `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True in so many of a hundred cases. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('There is nothing to pick from.');
    return list[this.below(list.length)] as T;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i -= 1) {
      const j = this.below(i + 1);
      [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
    }
    return copy;
  }

  /** Version 4. */
  uuid(): string {
    const bytes = Uint8Array.from(this.bytes(16));
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
    const hex = Buffer.from(bytes).toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }
}

const RANGE = 2 ** 32;

/** The operating system's generator. */
export function systemRandom(): Random {
  return new Random((length) => new Uint8Array(randomBytes(length)));
}

/** SHA-256 over the seed and a counter: the same numbers in every run and on every machine. */
export function seededRandom(seed: string): Random {
  let counter = 0;
  let pool = new Uint8Array(0);
  return new Random((length) => {
    const out = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      if (pool.length === 0) pool = new Uint8Array(createHash('sha256').update(`${seed} ${counter++}`).digest());
      const taken = pool.subarray(0, length - filled);
      out.set(taken, filled);
      filled += taken.length;
      pool = pool.subarray(taken.length);
    }
    return out;
  });
}
