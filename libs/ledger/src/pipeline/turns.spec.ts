import { jest } from '@jest/globals';
import { Turns } from './turns.js';

describe('turns', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** Tasks that end when they are told to, and the numbers of those that have begun. */
  function tasks(turns: Turns) {
    const begun: number[] = [];
    const ends = new Map<number, () => void>();
    const start = (n: number): Promise<void> =>
      turns.run(() => {
        begun.push(n);
        return new Promise<void>((resolve) => ends.set(n, resolve));
      });
    return { begun, start, end: (n: number) => ends.get(n)?.() };
  }

  it('let whoever works alone begin at once, however soon after the last', async () => {
    const { begun, start, end } = tasks(new Turns(10));
    for (const n of [1, 2, 3]) {
      const done = start(n);
      end(n);
      await done;
    }
    expect(begun).toEqual([1, 2, 3]);
  });

  it('let those who come while others are under way begin together, in their order', async () => {
    const { begun, start } = tasks(new Turns(10));
    void start(1);
    await jest.advanceTimersByTimeAsync(4);
    void start(2);
    void start(3);
    await jest.advanceTimersByTimeAsync(5);
    expect(begun).toEqual([1]);
    await jest.advanceTimersByTimeAsync(1);
    expect(begun).toEqual([1, 2, 3]);
  });

  it('make nobody wait when the last began long enough ago', async () => {
    const { begun, start } = tasks(new Turns(10));
    void start(1);
    await jest.advanceTimersByTimeAsync(10);
    void start(2);
    expect(begun).toEqual([1, 2]);
  });

  it('let nobody in before those who wait, even if all who were under way have ended', async () => {
    const { begun, start, end } = tasks(new Turns(10));
    const first = start(1);
    void start(2);
    end(1);
    await first;
    void start(3);
    expect(begun).toEqual([1]);
    await jest.advanceTimersByTimeAsync(10);
    expect(begun).toEqual([1, 2, 3]);
  });

  it('go on after a task that fails', async () => {
    const turns = new Turns(10);
    await expect(turns.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const { begun, start } = tasks(turns);
    void start(1);
    expect(begun).toEqual([1]);
  });
});
