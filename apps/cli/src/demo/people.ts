import type { Random } from './random.js';

/** An invented household. */
export interface Household {
  readonly name: string;
  /** GB 11643-1999, from a range of divisions that does not exist. */
  readonly idNumber: string;
  /** Empty: no telephone. */
  readonly phone: string;
  readonly community: string;
  /** As partners write it: 老人, 母婴, 妇女, 儿童, 残疾人, 普通家庭. */
  readonly group: string;
}

export interface HouseholdWish {
  readonly count: number;
  readonly communities: readonly string[];
  /** Two digits; keeps the identity numbers of different rosters apart. */
  readonly division: string;
}

/** So many households, all with different identity numbers. */
export function inventHouseholds(wish: HouseholdWish, random: Random): Household[] {
  const numbers = new Set<string>();
  while (numbers.size < wish.count) numbers.add(inventIdNumber(wish.division, random));
  return [...numbers].map((idNumber) => ({
    name: inventName(random),
    idNumber,
    phone: random.chance(85) ? `1${random.pick(['38', '39', '50', '77', '86'])}${digits(8, random)}` : '',
    community: random.pick(wish.communities),
    group: random.pick(GROUPS),
  }));
}

export function inventName(random: Random): string {
  const given = random.pick(FIRST_CHARACTERS) + (random.chance(70) ? random.pick(SECOND_CHARACTERS) : '');
  return random.pick(SURNAMES) + given;
}

/** Province 43 exists, its prefecture 99 does not: nobody has such a number. */
export function inventIdNumber(division: string, random: Random): string {
  const born = `${random.between(1940, 2005)}${two(random.between(1, 12))}${two(random.between(1, 28))}`;
  // No sequence ends in 00: with a check digit 0 the number would look like one that a spreadsheet has shortened.
  const sequence = `${digits(2, random)}${random.between(1, 9)}`;
  const first17 = `4399${division}${born}${sequence}`;
  return first17 + checkCharacter(first17);
}

/** ISO 7064 MOD 11-2 over the first 17 digits, as GB 11643-1999 uses it. */
export function checkCharacter(first17: string): string {
  const sum = [...first17].reduce((total, digit, i) => total + Number(digit) * (2 ** (17 - i) % 11), 0);
  return '10X98765432'.charAt(sum % 11);
}

function digits(count: number, random: Random): string {
  return String(random.below(10 ** count)).padStart(count, '0');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

const GROUPS = ['老人', '老人', '母婴', '妇女', '儿童', '残疾人', '普通家庭', '普通家庭'];
const SURNAMES = [...'林石杨吴欧江潘龙陆韦覃罗莫滕向田彭瞿麻符'];
const FIRST_CHARACTERS = [...'禾溪云岭青月秋水山雨木田春晓明远安宁秀兰'];
const SECOND_CHARACTERS = [...'生花英平芳林河松石燕成玉珍梅根华霞妹凤喜'];
