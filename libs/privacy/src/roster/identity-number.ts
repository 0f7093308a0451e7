import { readResidentId, type ResidentIdFault } from './resident-id.js';

/**
 * What kind of paper an identity number stands on. The kind is part of the duplicate hash, so that a passport number
 * never collides with another paper's.
 */
export const identityDocumentTypes = [
  'resident_id',
  'residence_permit',
  'passport',
  'home_return_permit',
  'taiwan_permit',
  'other',
] as const;
export type IdentityDocumentType = (typeof identityDocumentTypes)[number];

export type IdentityFault = ResidentIdFault | 'missing_id_number' | 'excel_lost_digits' | 'document_type_unknown';
export type IdentityReading =
  | {
      readonly type: IdentityDocumentType;
      readonly number: string;
      /** A 15-digit number that was upgraded to 18 digits. */
      readonly upgraded: boolean;
      /** Ends in three zeros like a number that Excel cut, but its check character is right. */
      readonly endsInZeros: boolean;
    }
  | { readonly fault: IdentityFault; readonly length: number };

const documentNames: ReadonlyMap<string, IdentityDocumentType> = new Map([
  ['', 'resident_id'],
  ['身份证', 'resident_id'],
  ['居民身份证', 'resident_id'],
  ['二代身份证', 'resident_id'],
  ['户口本', 'resident_id'],
  ['户口簿', 'resident_id'],
  ['resident id', 'resident_id'],
  ['id card', 'resident_id'],
  ['resident_id', 'resident_id'],
  ['居住证', 'residence_permit'],
  ['港澳台居民居住证', 'residence_permit'],
  ['residence permit', 'residence_permit'],
  ['residence_permit', 'residence_permit'],
  ['护照', 'passport'],
  ['passport', 'passport'],
  ['回乡证', 'home_return_permit'],
  ['港澳居民来往内地通行证', 'home_return_permit'],
  ['home_return_permit', 'home_return_permit'],
  ['台胞证', 'taiwan_permit'],
  ['台湾居民来往大陆通行证', 'taiwan_permit'],
  ['taiwan_permit', 'taiwan_permit'],
  ['其他', 'other'],
  ['其他证件', 'other'],
  ['other', 'other'],
]);

/** What Excel makes of a long number: `4.30102E+17`. */
export const scientificNotation = /^[+-]?\d+(?:\.\d+)?E[+-]?\d+$/i;
const thousands = /^\d{1,3}(?:,\d{3})+(?:\.0+)?$/;

/**
 * Reads an identity number from a normalised cell. `documentType` is the normalised cell of the document type column,
 * or '' where there is none: then it is a resident identity card (GB 11643-1999).
 */
export function readIdentityNumber(cell: string, documentType: string, today: string): IdentityReading {
  const type = documentNames.get(documentType.toLowerCase());
  const length = cell.length;
  if (cell === '') return { fault: 'missing_id_number', length };
  if (scientificNotation.test(cell)) return { fault: 'excel_lost_digits', length };
  if (type === undefined) return { fault: 'document_type_unknown', length };
  const number = canonicalIdentityNumber(cell);
  if (type !== 'resident_id' && type !== 'residence_permit') {
    if (!/^[0-9A-Z]{5,20}$/.test(number)) return { fault: 'id_malformed', length };
    return { type, number, upgraded: false, endsInZeros: false };
  }
  const reading = readResidentId(number, today);
  const endsInZeros = /^\d{15}000$/.test(number);
  if ('fault' in reading) {
    // Excel keeps 15 significant digits and writes zeros for the rest; then the check digit is nearly always wrong.
    return { fault: endsInZeros ? 'excel_lost_digits' : reading.fault, length: number.length };
  }
  return { type, number: reading.number, upgraded: reading.upgraded, endsInZeros };
}

/** Digits and letters as on the paper: upper case, without separators, thousands commas or a trailing `.00`. */
function canonicalIdentityNumber(cell: string): string {
  const plain = thousands.test(cell) ? cell.replaceAll(',', '') : cell;
  return plain
    .replace(/^(\d+)\.0+$/, '$1')
    .replace(/[\s\-–—]/g, '')
    .toUpperCase();
}
