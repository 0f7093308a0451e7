import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emsOf, labelOf } from './labels.js';

const campaign = { name: '望海县台风预警行动（第二轮）', amount: '¥59,548.06' };

describe('a label in the picture of a gift', () => {
  it('is the name and the amount where both have room', () => {
    expect(labelOf(campaign, { ems: 14, lines: 2 })).toBe('望海县台风预警行动（第二轮）\n¥59,548.06');
  });

  it('goes on in a second line and is cut off there', () => {
    expect(labelOf(campaign, { ems: 6, lines: 2 })).toBe('望海县台风预\n警行动（第…\n¥59,548.06');
    expect(labelOf(campaign, { ems: 6, lines: 1 })).toBe('望海县台风…\n¥59,548.06');
  });

  it('begins no line with a closing bracket', () => {
    expect(labelOf(campaign, { ems: 13, lines: 2 })).toBe('望海县台风预警行动（第二\n轮）\n¥59,548.06');
  });

  it('breaks between words where there are any', () => {
    const { lines, ems } = { ems: 8, lines: 2 };
    expect(labelOf({ name: 'Vouchers not claimed', amount: '¥1.00' }, { ems, lines })).toBe(
      'Vouchers not\nclaimed\n¥1.00',
    );
  });

  it('leaves out an amount that would have to be cut, for part of an amount is another amount', () => {
    expect(labelOf({ name: '资金池', amount: '¥253,203,610.00' }, { ems: 6, lines: 2 })).toBe('资金池');
  });

  it('is never wider than its room, nor longer than its lines', () => {
    const text = fc.string({ unit: fc.constantFrom('望', '海', '（', 'W', 'i', ' ', '1', '😀'), maxLength: 40 });
    fc.assert(
      fc.property(
        text,
        text,
        fc.integer({ min: 3, max: 20 }),
        fc.integer({ min: 1, max: 3 }),
        (name, amount, ems, lines) => {
          const label = labelOf({ name, amount }, { ems, lines }).split('\n');
          expect(label.length).toBeLessThanOrEqual(lines + 1);
          for (const line of label) expect(emsOf(line)).toBeLessThanOrEqual(ems + 1e-9);
        },
      ),
    );
  });
});
