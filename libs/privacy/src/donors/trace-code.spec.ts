import fc from 'fast-check';
import { formatTraceCode, parseTraceCode } from './trace-code.js';

const bits = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe('trace codes', () => {
  it('have 26 characters of Crockford’s alphabet in five groups', () => {
    expect(formatTraceCode(new Uint8Array(16))).toBe('00000-00000-00000-00000-000000');
    expect(formatTraceCode(new Uint8Array(16).fill(255))).toBe('7ZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZZ');
  });

  it('are read back, however they are typed', () => {
    fc.assert(
      fc.property(bits, (code) => {
        const written = formatTraceCode(code);
        const fullWidth = written.replace(/[0-9A-Z]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
        const lookAlikes = written.replaceAll('0', 'o').replaceAll('1', 'l');
        for (const typed of [written, written.toLowerCase(), written.replaceAll('-', ' '), fullWidth, lookAlikes]) {
          expect(parseTraceCode(typed)).toEqual(code);
        }
      }),
    );
  });

  it.each([
    '',
    'U0000-00000-00000-00000-000000',
    '00000-00000-00000-00000-00000',
    '80000-00000-00000-00000-000000',
    '石'.repeat(26),
    '0'.repeat(5000),
  ])('refuses what cannot be one: %#', (typed) => {
    expect(parseTraceCode(typed)).toBeUndefined();
  });
});
