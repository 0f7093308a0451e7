import fc from 'fast-check';
import { hasResidentIdCheckCharacter, readResidentId, residentIdCheckCharacter } from './resident-id.js';

const today = '2026-11-23';

describe('the check character of a resident identity number (GB 11643-1999)', () => {
  it.each(['34052419800101001X', '11010519491231002X', '440524188001010014'])('accepts the standard’s %s', (number) => {
    expect(hasResidentIdCheckCharacter(number)).toBe(true);
  });

  it.each(['340524198001010013', '110105194912310021'])('rejects %s', (number) => {
    expect(hasResidentIdCheckCharacter(number)).toBe(false);
  });

  it('finds every mistyped digit and every swap of neighbours', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 17, maxLength: 17 }),
        fc.integer({ min: 0, max: 16 }),
        fc.integer({ min: 1, max: 9 }),
        (digits, position, shift) => {
          const first17 = digits.join('');
          const check = residentIdCheckCharacter(first17);
          const typo = digits.map((digit, index) => (index === position ? (digit + shift) % 10 : digit)).join('');
          expect(hasResidentIdCheckCharacter(first17 + check)).toBe(true);
          expect(hasResidentIdCheckCharacter(typo + check)).toBe(false);
          const swapped = [...digits];
          const next = Math.min(position + 1, 16);
          [swapped[position], swapped[next]] = [digits[next] ?? 0, digits[position] ?? 0];
          const isSame = swapped.join('') === first17;
          expect(hasResidentIdCheckCharacter(swapped.join('') + check)).toBe(isSame);
        },
      ),
    );
  });
});

describe('reading a resident identity number', () => {
  it('upgrades an old 15-digit number to the 18 digits of the same person', () => {
    expect(readResidentId('340524800101001', today)).toEqual({ number: '34052419800101001X', upgraded: true });
  });

  it.each([
    ['12345', 'id_malformed'],
    ['3405241980010100XX', 'id_malformed'],
    ['340524198001010013', 'id_check_digit'],
    [withCheck('00052419800101001'), 'id_unknown_region'],
    [withCheck('34052419800230001'), 'id_birth_date'],
    [withCheck('34052420990101001'), 'id_birth_date'],
    ['440524188001010014', 'id_birth_date'],
    [withCheck('34052419001301001'), 'id_birth_date'],
  ])('says of %s: %s', (number, fault) => {
    expect(readResidentId(number, today)).toEqual({ fault });
  });

  it('knows leap days', () => {
    expect(readResidentId(withCheck('34052420000229001'), today)).toMatchObject({ upgraded: false });
    expect(readResidentId(withCheck('34052419000229001'), today)).toEqual({ fault: 'id_birth_date' });
  });
});

function withCheck(first17: string): string {
  return first17 + residentIdCheckCharacter(first17);
}
