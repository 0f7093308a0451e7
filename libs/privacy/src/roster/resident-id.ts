/** GB 11643-1999: 6 digits region, 8 digits birth date, 3 digits sequence, 1 check character. */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const checkCharacters = '10X98765432';

/** GB/T 2260 province codes (first two digits); 81 to 83 are the residence permits of Hong Kong, Macao and Taiwan. */
const provinces = new Set(
  [
    [11, 12, 13, 14, 15, 21, 22, 23],
    [31, 32, 33, 34, 35, 36, 37],
    [41, 42, 43, 44, 45, 46],
    [50, 51, 52, 53, 54, 61, 62, 63, 64, 65],
    [71, 81, 82, 83, 91],
  ]
    .flat()
    .map(String),
);

export type ResidentIdFault = 'id_malformed' | 'id_check_digit' | 'id_birth_date' | 'id_unknown_region';
export type ResidentIdReading =
  { readonly number: string; readonly upgraded: boolean } | { readonly fault: ResidentIdFault };

/** Check character of the first 17 digits: ISO 7064 MOD 11-2 as GB 11643-1999 uses it. */
export function residentIdCheckCharacter(first17: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i += 1) sum += (first17.charCodeAt(i) - 48) * (weights[i] ?? 0);
  return checkCharacters.charAt(sum % 11);
}

/** True for 17 digits and the check character that belongs to them; says nothing about region or birth date. */
export function hasResidentIdCheckCharacter(value: string): boolean {
  return /^\d{17}[\dX]$/.test(value) && residentIdCheckCharacter(value) === value.charAt(17);
}

/**
 * Reads a resident identity number that is already normalised to digits and an upper-case X.
 * An old 15-digit number (two-digit year, no check character) is upgraded to 18: everybody who holds one was born in
 * the 1900s. `today` is `YYYY-MM-DD`; nobody on a roster is born after it or more than 130 years before.
 * The check character is tested first, because it says most precisely that something was mistyped.
 */
export function readResidentId(value: string, today: string): ResidentIdReading {
  const upgraded = /^\d{15}$/.test(value);
  const number = upgraded ? upgradeFrom15(value) : value;
  if (!/^\d{17}[\dX]$/.test(number)) return { fault: 'id_malformed' };
  if (!hasResidentIdCheckCharacter(number)) return { fault: 'id_check_digit' };
  if (!provinces.has(number.slice(0, 2))) return { fault: 'id_unknown_region' };
  if (!isPlausibleBirthDate(number.slice(6, 14), today)) return { fault: 'id_birth_date' };
  return { number, upgraded };
}

function upgradeFrom15(value: string): string {
  const first17 = `${value.slice(0, 6)}19${value.slice(6)}`;
  return first17 + residentIdCheckCharacter(first17);
}

function isPlausibleBirthDate(digits: string, today: string): boolean {
  const year = Number(digits.slice(0, 4));
  const month = Number(digits.slice(4, 6));
  const day = Number(digits.slice(6, 8));
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return false;
  const born = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
  return born <= today && year >= Number(today.slice(0, 4)) - 130;
}

function daysInMonth(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}
