import { lingerAfter, unhurried } from './waiting.js';

describe('the pause of a subscription', () => {
  it('may depend on how many events it has just been given', async () => {
    const asked: number[] = [];
    const how = (delivered: number): number => {
      asked.push(delivered);
      return 1;
    };
    await lingerAfter(7, how, new AbortController().signal);
    expect(asked).toEqual([7]);
  });

  it('ends when the signal aborts, however long it would be', async () => {
    const ending = new AbortController();
    const pausing = lingerAfter(1, 3_600_000, ending.signal);
    ending.abort();
    await expect(pausing).resolves.toBeUndefined();
  });

  it('is short while little happens, so that a page shows at once what somebody has just done', () => {
    expect(unhurried(1)).toBe(100);
    expect(unhurried(49)).toBe(100);
    expect(unhurried(50)).toBe(400);
  });
});
