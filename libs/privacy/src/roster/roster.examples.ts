import { residentIdCheckCharacter } from './resident-id.js';

/** An invented resident identity number: region, birth date and sequence as given, with the right check character. */
export function inventedId(region: string, born: string, sequence: number): string {
  const first17 = `${region}${born}${String(sequence).padStart(3, '0')}`;
  return first17 + residentIdCheckCharacter(first17);
}

/** Invented households of an invented county. */
export const inventedPeople = [
  { name: '石小禾', id: inventedId('522632', '19510304', 11), phone: '13800000011', village: '上坝村', group: '老人' },
  { name: '杨溪月', id: inventedId('522632', '19880721', 24), phone: '13900000024', village: '上坝村', group: '母婴' },
  { name: '吴云岭', id: inventedId('522632', '20140915', 37), phone: '', village: '河口社区', group: '儿童' },
  {
    name: '欧阳青禾',
    id: inventedId('522632', '19670102', 45),
    phone: '13700000045',
    village: '河口社区',
    group: '残疾人',
  },
] as const;

export const chineseHeader = '姓名,身份证号,手机,村/社区,类别';

export function chineseLines(): string[] {
  return inventedPeople.map(({ name, id, phone, village, group }) => [name, id, phone, village, group].join(','));
}

/** A roster file as text, with the Chinese header. */
export function chineseRoster(lines: readonly string[] = chineseLines()): string {
  return `${[chineseHeader, ...lines].join('\n')}\n`;
}

export const today = '2026-11-23';
