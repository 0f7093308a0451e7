import { describe, expect, it } from '@jest/globals';
import type { Answer } from '../shell/server.js';
import { keepAsking, type Kept } from './keep-asking.js';

interface State {
  readonly size: number;
  readonly text: string;
}

const minute = (number: number): Date => new Date(Date.UTC(2026, 5, 3, 8, number));

function asking(random = 1) {
  const questions: ((answer: Answer<State>) => void)[] = [];
  const waits: { readonly milliseconds: number; readonly then: () => void; isCancelled: boolean }[] = [];
  const shown: Kept<State>[] = [];
  const asking = keepAsking<State>({
    ask: () => new Promise((answer) => questions.push(answer)),
    sizeOf: ({ size }) => size,
    isSame: (one, other) => one.text === other.text,
    onKept: (kept) => shown.push(kept),
    wait: (milliseconds, then) => {
      const one = { milliseconds, then, isCancelled: false };
      waits.push(one);
      return () => (one.isCancelled = true);
    },
    random: () => random,
  });
  const answer = async (given: Answer<State>): Promise<Kept<State> | undefined> => {
    questions.at(-1)?.(given);
    await Promise.resolve();
    await Promise.resolve();
    return shown.at(-1);
  };
  const state = (size: number, text: string, at: number) =>
    answer({ kind: 'answered', value: { size, text }, at: minute(at) });
  return { asking, questions, waits, shown, answer, state, timeOut: () => waits.at(-1)?.then() };
}

describe('a page that keeps asking', () => {
  it('asks within a second of a publication, once for several, and not for what it shows already', async () => {
    const { asking: page, questions, state, timeOut, waits } = asking();
    await state(10, 'free', 1);
    page.published(10);
    expect(waits).toEqual([]);
    page.published(12);
    page.published(13);
    expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([1_000]);
    timeOut();
    expect(questions).toHaveLength(2);
    expect(await state(13, 'spent', 2)).toMatchObject({ since: minute(2), isOld: false, changes: 1 });
  });

  it('says since when it is as it is, and when it was asked last', async () => {
    const { asking: page, state, timeOut } = asking();
    await state(10, 'free', 1);
    page.published(12);
    timeOut();
    expect(await state(12, 'free', 5)).toMatchObject({ since: minute(1), asked: minute(5), changes: 0 });
  });

  it('asks once more if there was a publication while it was asking', async () => {
    const { asking: page, questions, state, timeOut, waits } = asking(0.5);
    page.published(12);
    expect(waits).toEqual([]);
    await state(11, 'free', 1);
    expect(waits.at(-1)?.milliseconds).toBe(500);
    timeOut();
    expect(questions).toHaveLength(2);
    // This answer counts what the stream began with.
    page.published(12);
    await state(12, 'free', 2);
    expect(waits).toHaveLength(1);
    page.published(undefined);
    timeOut();
    page.published(undefined);
    await state(12, 'free', 3);
    expect(waits).toHaveLength(3);
  });

  it('keeps what it shows when nobody answers, and waits twice as long each time, up to a minute', async () => {
    const { answer, asking: page, shown, state, timeOut, waits } = asking();
    await state(10, 'free', 1);
    page.published(undefined);
    for (let i = 0; i < 8; i += 1) {
      timeOut();
      await answer({ kind: 'unreachable' });
    }
    expect(waits.slice(1).map(({ milliseconds }) => milliseconds)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
    ]);
    expect(shown.at(-1)).toMatchObject({ answer: { value: { text: 'free' } }, asked: minute(1), isOld: true });
    timeOut();
    expect(await state(10, 'free', 9)).toMatchObject({ since: minute(1), asked: minute(9), isOld: false });
  });

  it('does not wait any longer when the server tells of a publication', async () => {
    const { answer, asking: page, state, timeOut, waits } = asking(0.5);
    await state(10, 'free', 1);
    page.published(12);
    timeOut();
    await answer({ kind: 'too_many' });
    page.published(12);
    expect([waits.at(-2)?.isCancelled, waits.at(-1)?.milliseconds]).toEqual([true, 500]);
  });

  it('asks again where the answer does not count what was published, and shows nothing older', async () => {
    const { asking: page, shown, state, timeOut, waits } = asking();
    await state(10, 'free', 1);
    page.published(12);
    timeOut();
    expect(await state(9, 'older', 2)).toMatchObject({ answer: { value: { text: 'free' } }, changes: 0 });
    expect(waits).toHaveLength(2);
    timeOut();
    await state(12, 'spent', 3);
    expect([shown.at(-1)?.changes, waits.length]).toEqual([1, 2]);
  });

  it('shows that a gift was erased in the place of what it showed, and asks no more', async () => {
    const { answer, asking: page, state, timeOut, waits } = asking();
    await state(10, 'free', 1);
    page.published(12);
    timeOut();
    expect(await answer({ kind: 'erased' })).toMatchObject({ answer: { kind: 'erased' } });
    page.published(14);
    expect(waits).toHaveLength(1);
  });

  it('finds a gift that is not in the ledger yet, once it is', async () => {
    const { answer, asking: page, state, timeOut, waits } = asking();
    await answer({ kind: 'not_found' });
    expect(waits).toEqual([]);
    page.published(12);
    timeOut();
    expect(await state(12, 'free', 2)).toMatchObject({ answer: { value: { text: 'free' } }, changes: 0 });
  });

  it('does nothing more once it is closed', async () => {
    const { asking: page, questions, shown, state, timeOut } = asking();
    page.published(12);
    page.close();
    await state(12, 'free', 1);
    page.published(14);
    timeOut();
    expect([questions.length, shown.length]).toEqual([1, 0]);
  });
});
