import { randomBytes } from 'node:crypto';
import { seededBytes } from '../registry.examples.js';
import { RandomSource } from './random-source.js';

describe('the source of randomness', () => {
  it.each([
    ['plain arrays', seededBytes('values')],
    ['buffers, as node:crypto gives them', (length: number) => randomBytes(length)],
  ])('never hands out a byte twice, nor zeros, from %s', (_, source) => {
    const random = new RandomSource(source);
    const taken = Array.from({ length: 5000 }, () => random.take(16));
    const seen = new Set(taken.map((value) => Buffer.from(value).toString('hex')));
    expect(seen.size).toBe(5000);
    expect(seen).not.toContain('00'.repeat(16));
    expect(new Set(Array.from({ length: 1000 }, () => random.uuid())).size).toBe(1000);
  });

  it('serves more than one draw holds', () => {
    const bytes = new RandomSource(seededBytes('large')).take(100_000);
    expect(bytes).toHaveLength(100_000);
    expect(new Set(bytes).size).toBe(256);
  });

  it('stops when it is given too few bytes', () => {
    expect(() => new RandomSource(() => new Uint8Array(3)).take(32)).toThrow(RangeError);
  });

  it('makes version 4 UUIDs', () => {
    const uuid = new RandomSource(seededBytes('uuid')).uuid();
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('shuffling', () => {
  it('keeps every item and reaches every order about equally often', () => {
    const random = new RandomSource(seededBytes('shuffle'));
    const counts = new Map<string, number>();
    for (let round = 0; round < 6000; round += 1) {
      const items = ['a', 'b', 'c'];
      random.shuffle(items);
      counts.set(items.join(''), (counts.get(items.join('')) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
