/** Secure random bytes, a fresh array of the length asked for. */
export type RandomBytes = (length: number) => Uint8Array;

const chunkBytes = 16_384;

/**
 * Serves many small random values out of few large draws, because bulk work needs hundreds of thousands of them.
 * Each byte is handed out once.
 */
export class RandomSource {
  private chunk: Uint8Array = new Uint8Array(0);
  private used = 0;

  constructor(private readonly randomBytes: RandomBytes) {}

  /** A copy: keys taken from here do not keep the whole chunk alive. */
  take(length: number): Uint8Array {
    if (this.used + length > this.chunk.length) {
      const drawn = this.randomBytes(Math.max(chunkBytes, length));
      if (drawn.length < length) throw new RangeError('The source of randomness gave fewer bytes than asked for.');
      // Copied into a plain array: `slice` of a Buffer would be a view, which the clearing below would turn to zeros.
      this.chunk = new Uint8Array(drawn);
      this.used = 0;
    }
    const taken = this.chunk.slice(this.used, this.used + length);
    this.chunk.fill(0, this.used, this.used + length);
    this.used += length;
    return taken;
  }

  /** A version 4 UUID (RFC 9562). */
  uuid(): string {
    const bytes = this.take(16);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = Buffer.from(bytes).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** An unbiased whole number from 0 to `limit` − 1, `limit` at most 2^32: values beyond the last full multiple are drawn again. */
  below(limit: number): number {
    const bound = Math.floor(0x1_0000_0000 / limit) * limit;
    for (;;) {
      const bytes = this.take(4);
      const value = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
      if (value < bound) return value % limit;
    }
  }

  /** Fisher-Yates, in place: every order is equally likely. */
  shuffle<T>(items: T[]): void {
    for (let i = items.length - 1; i > 0; i -= 1) {
      const j = this.below(i + 1);
      [items[i], items[j]] = [items[j] as T, items[i] as T];
    }
  }
}
