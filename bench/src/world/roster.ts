/** Rosters of invented households, clean, as fast as they can be written. */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_CHARACTERS = '10X98765432';
const SYLLABLES = '禾溪岭月青石云舟竹枫';
const GROUPS = ['老人', '母婴', '残疾人', '儿童'] as const;
const COMMUNITIES = 40;
const PEOPLE_A_DAY = 1_000;
const FIRST_BIRTHDAY = Date.UTC(1945, 0, 1);
const DAY_MILLISECONDS = 86_400_000;

/** A roster file of `count` households; no two numbers from `first` on give the same person, up to 20 million. */
export function rosterOf(count: number, first: number): Uint8Array {
  const lines = ['姓名,身份证号,手机,村/社区,类别'];
  for (let n = first; n < first + count; n += 1) {
    lines.push(`${nameOf(n)},${identityOf(n)},,第${(n % COMMUNITIES) + 1}村,${GROUPS[n % GROUPS.length] ?? ''}`);
  }
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

/** GB 11643-1999: region, birth date, sequence, check character (ISO 7064 MOD 11-2). */
function identityOf(n: number): string {
  const born = new Date(FIRST_BIRTHDAY + Math.floor(n / PEOPLE_A_DAY) * DAY_MILLISECONDS);
  const digits = `522632${born.toISOString().slice(0, 10).replaceAll('-', '')}${String(n % PEOPLE_A_DAY).padStart(3, '0')}`;
  let sum = 0;
  for (const [i, weight] of WEIGHTS.entries()) sum += Number(digits[i]) * weight;
  return digits + CHECK_CHARACTERS.charAt(sum % 11);
}

function nameOf(n: number): string {
  return `石${SYLLABLES.charAt(n % 10)}${SYLLABLES.charAt(Math.floor(n / 10) % 10)}`;
}
