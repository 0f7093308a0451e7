import { describe, expect, it } from '@jest/globals';
import { PassedOver } from './passed-over.js';

const one = ['Sold'];

describe('a follower of the log', () => {
  it('passes over what its process has appended, in whatever order it hears of it, up to what others have', () => {
    const passedOver = new PassedOver(() => false);
    passedOver.appended(4, ['Sold', 'Sold']);
    passedOver.appended(3, one);
    passedOver.appended(7, one);
    expect(passedOver.from(3)).toBe(6);
    expect(passedOver.from(6)).toBe(6);
    expect(passedOver.from(7)).toBe(8);
    expect(passedOver.from(8)).toBe(8);
  });

  it('reads all that was appended together with an event that it needs', () => {
    const passedOver = new PassedOver((type) => type === 'Paid');
    passedOver.appended(0, one);
    passedOver.appended(1, ['Sold', 'Paid']);
    passedOver.appended(3, one);
    expect(passedOver.from(0)).toBe(1);
    expect(passedOver.from(3)).toBe(4);
  });

  it('goes on behind what it had read before it heard that it need not', () => {
    const passedOver = new PassedOver(() => false);
    passedOver.appended(0, one);
    passedOver.appended(1, ['Sold', 'Sold', 'Sold']);
    expect(passedOver.from(2)).toBe(4);
    passedOver.appended(4, one);
    expect(passedOver.from(4)).toBe(5);
  });
});
