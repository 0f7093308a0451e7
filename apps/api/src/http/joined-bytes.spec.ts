import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JoinedBytes } from './joined-bytes.js';

describe('joined bytes', () => {
  it('are the parts one after the other, however they were cut, and are taken once', () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 8 });
    fc.assert(
      fc.property(parts, (given) => {
        const joined = new JoinedBytes();
        for (const part of given) joined.add(part);
        expect(Buffer.from(joined.take())).toEqual(Buffer.concat(given));
        expect(joined.take()).toHaveLength(0);
      }),
    );
  });

  it('hold on to no part, and take at most twice their length', () => {
    const joined = new JoinedBytes();
    const part = Buffer.from([1]);
    for (let i = 0; i < 100_000; i += 1) joined.add(part);
    part[0] = 2;
    const taken = joined.take();
    expect(taken).toHaveLength(100_000);
    expect(taken.every((byte) => byte === 1)).toBe(true);
    expect(taken.buffer.byteLength).toBeLessThanOrEqual(200_000);
  });
});
