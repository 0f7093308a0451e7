import { describe, expect, it } from '@jest/globals';
import { mondayOf, weekOf } from './weeks.js';

describe('a week', () => {
  it.each([
    ['2026-06-01', '2026-06-01'],
    ['2026-06-07', '2026-06-01'],
    ['2026-06-08', '2026-06-08'],
    ['2027-01-03', '2026-12-28'],
    ['1970-01-01', '1969-12-29'],
  ])('of %s begins on %s', (day, monday) => expect(mondayOf(weekOf(day))).toBe(monday));
});
