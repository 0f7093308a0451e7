import { describe, expect, it } from '@jest/globals';
import type { Finding } from '../findings/finding.js';
import { checkDaysAhead, type LedgerDays } from './days-ahead.js';
import type { LogCheckpoint } from './log-checkpoint.js';

/** Of eight hours before UTC; the third leaf starts 2 June. */
const days: LedgerDays = {
  dayStarts: [
    { leaf: 2, day: '2026-06-02' },
    { leaf: 5, day: '2026-06-30' },
  ],
  utcOffsetMinutes: 480,
  isDemo: false,
};

function found(times: readonly string[], more: { readonly size?: number; readonly of?: Partial<LedgerDays> } = {}) {
  const findings: Finding[] = [];
  const cosigned = times.map((time) => ({ witness: 'w', time: Date.parse(time) / 1_000, signature: new Uint8Array() }));
  const note = { cosigned, meetsQuorum: times.length > 0, checkpoint: { size: more.size ?? 6 } };
  const checkpoint = note as unknown as LogCheckpoint;
  checkDaysAhead({ ...days, ...more.of }, [checkpoint, checkpoint], (finding) => void findings.push(finding));
  return findings;
}

describe('a day that a ledger starts', () => {
  it('is found, once, if witnesses cosigned it long before it began', () => {
    expect(found(['2026-06-02T00:00:00Z'])).toStrictEqual([
      { code: 'day_ahead', leaf: 5, expected: 'at most 2026-06-02', actual: '2026-06-30' },
    ]);
  });

  it('may be half a day early by the latest of their clocks, in local time', () => {
    expect(found(['2026-06-29T04:00:00Z'])).toStrictEqual([]);
    expect(found(['2026-06-29T03:59:59Z'])).toHaveLength(1);
    expect(found(['2026-06-01T00:00:00Z', '2026-06-30T00:00:00Z'])).toStrictEqual([]);
  });

  it('is judged only by checkpoints that cover it and that a quorum cosigned, and not in a demo', () => {
    expect(found(['2026-06-02T00:00:00Z'], { size: 5 })).toStrictEqual([]);
    expect(found([])).toStrictEqual([]);
    expect(found(['2026-06-02T00:00:00Z'], { of: { isDemo: true } })).toStrictEqual([]);
  });
});
