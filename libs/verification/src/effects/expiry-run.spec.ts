import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chunkReturns, type NumberedEnding } from '@aidtrail/domain';
import { ExpiryRun } from './expiry-run.js';

const of = { batch: 'b', fund: 'f' };
const idOf = (number: number): string => `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

/** The expiry of a voucher that lost so many pieces. */
function expiry(number: number, pieces: number): NumberedEnding {
  const segments = Array.from({ length: pieces }, (_, i): [number, number] => [1_000 * number + 2 * i, 1]);
  const data = { ...of, amountMinor: pieces, segments };
  return { number, event: { type: 'VoucherExpired', data, id: idOf(number), position: number, day: '' } };
}

function add(run: ExpiryRun, { number, event }: NumberedEnding): void {
  run.add(number, event);
}

/** The segments of the chunks and under whose id each goes home, as the run tells them one after the other. */
function returned(run: ExpiryRun): unknown[] {
  const all: unknown[] = [];
  for (let [chunk] = run.nextChunks(); chunk !== undefined; [chunk] = run.nextChunks()) {
    all.push([chunk.id, chunk.endings.flatMap(({ data }) => data.segments)]);
    run.cameHome(chunk);
  }
  return all;
}

describe('the expiries of a batch on one day', () => {
  it('come home in the chunks that the policy cuts, in whatever order they happened', () => {
    const pieces = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 30 });
    const expiries = pieces.chain((each) =>
      fc.shuffledSubarray(
        each.map((n, i) => expiry(i, n)),
        { minLength: each.length },
      ),
    );
    fc.assert(
      fc.property(expiries, (all) => {
        const run = new ExpiryRun(of);
        for (const one of all) add(run, one);
        expect(run.size).toBe(all.length);
        const expected = chunkReturns(all).map((chunk) => [
          chunk[chunk.length - 1]?.id,
          chunk.flatMap(({ data }) => data.segments),
        ]);
        expect(returned(run)).toStrictEqual(expected);
        expect(run.size).toBe(0);
      }),
    );
  });

  it('may go on as they were cut, or with a voucher that expired late', () => {
    const run = new ExpiryRun(of);
    for (const number of [0, 1, 3]) add(run, expiry(number, 250));
    const [first] = run.nextChunks();
    expect(first?.id).toBe(idOf(1));
    run.cameHome(first as NonNullable<typeof first>);
    add(run, expiry(2, 1));
    expect(run.nextChunks().map(({ id, endings }) => [id, endings.length])).toStrictEqual([
      [idOf(3), 2],
      [idOf(3), 1],
    ]);
    run.cameHome(run.nextChunks()[1] as NonNullable<typeof first>);
    expect(returned(run)).toStrictEqual([[idOf(2), [[2_000, 1]]]]);
  });

  it('keep nothing of what is home', () => {
    const run = new ExpiryRun(of);
    add(run, expiry(7, 2));
    expect(returned(run)).toHaveLength(1);
    add(run, expiry(3, 1));
    expect(returned(run)).toStrictEqual([[idOf(3), [[3_000, 1]]]]);
  });
});
