import { scientificNotation } from './identity-number.js';

export type PhoneReading =
  { readonly number: string | undefined } | { readonly fault: 'phone_impossible' | 'excel_lost_digits' };

/**
 * Reads a telephone number of the Chinese mainland from a normalised cell: a mobile number (11 digits from 13 to 19) or
 * a land line with its area code. An empty cell is no fault: many recipients have no telephone.
 */
export function readPhoneNumber(cell: string): PhoneReading {
  if (cell === '' || /^(?:无|没有|none|n\/a|-+)$/i.test(cell)) return { number: undefined };
  const plain = scientificNotation.test(cell) ? expandExactly(cell) : cell;
  if (plain === undefined) return { fault: 'excel_lost_digits' };
  const digits = plain
    .replace(/^(\d+)\.0+$/, '$1')
    .replace(/[\s\-–—(),]/g, '')
    .replace(/^(?:\+|00)86/, '')
    .replace(/^86(?=1\d{10}$)/, '');
  const isMobile = /^1[3-9]\d{9}$/.test(digits) && !/^1\d(\d)\1{8}$/.test(digits);
  const isLandLine = /^0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}$/.test(digits);
  return isMobile || isLandLine ? { number: digits } : { fault: 'phone_impossible' };
}

/** `1.3812345678E+10` still has all its digits; `1.38E+10` has lost most of them. */
function expandExactly(cell: string): string | undefined {
  const match = /^(\d)(?:\.(\d+))?E\+?(\d+)$/i.exec(cell);
  const digits = match === null ? '' : `${match[1] ?? ''}${match[2] ?? ''}`;
  return match !== null && digits.length === Number(match[3]) + 1 ? digits : undefined;
}
