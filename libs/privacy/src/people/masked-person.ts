import type { PersonDetails } from './person.js';

/** Enough to tell whether it is the person at the desk, and too little to find them by. */
export interface MaskedPerson {
  readonly personId: string;
  /** The first character, and stars for the rest, of which there is one at least. */
  readonly name: string;
  /** The last four characters of a long number, the last one of a short one. */
  readonly idNumber: string;
  /** The last four digits; absent without a telephone. */
  readonly phone?: string;
  readonly community: string;
}

export function maskedPerson(personId: string, details: PersonDetails): MaskedPerson {
  const { name, idNumber, phone, community } = details;
  const [first = '', ...rest] = Array.from(name);
  return {
    personId,
    name: first + '*'.repeat(Math.max(1, rest.length)),
    idNumber: endOf(idNumber),
    ...(phone === undefined ? {} : { phone: endOf(phone) }),
    community,
  };
}

const SHOWN = 4;

/** A short number is not shown by half. */
function endOf(number: string): string {
  const shown = number.length > 2 * SHOWN ? SHOWN : 1;
  return '*'.repeat(Math.max(0, number.length - shown)) + number.slice(-shown);
}
