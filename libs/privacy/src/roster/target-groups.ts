/** A target group as rosters name it: the code goes into the ledger (as a disclosure), the names are what people write. */
export interface TargetGroup {
  readonly code: string;
  readonly names: readonly string[];
}

/** The groups of the programmes this was first made for; a programme brings its own list in the import's options. */
export const commonTargetGroups: readonly TargetGroup[] = [
  {
    code: 'elderly',
    names: ['老人', '老年人', '高龄老人', '独居老人', '长者', 'elderly', 'older people', 'older person'],
  },
  {
    code: 'mother_infant',
    names: ['母婴', '孕产妇', '孕妇', '产妇', '婴幼儿', 'mothers and infants', 'mother and infant'],
  },
  { code: 'women', names: ['妇女', '女性', 'women', 'woman'] },
  { code: 'children', names: ['儿童', '未成年人', '学生', '孤儿', '留守儿童', 'children', 'child'] },
  {
    code: 'disabled',
    names: ['残疾人', '残疾', '残障人士', 'disabled', 'people with disabilities', 'disabled people'],
  },
  { code: 'general', names: ['普通', '一般', '普通家庭', '一般家庭', '受灾家庭', '其他', 'general', 'other'] },
];

/** Finds the code for what a cell says: the code itself or one of its names, whatever the case. */
export function targetGroupReader(groups: readonly TargetGroup[]): (cell: string) => string | undefined {
  const codes = new Map<string, string>();
  for (const { code, names } of groups) {
    for (const name of [code, ...names]) codes.set(name.normalize('NFKC').toLowerCase(), code);
  }
  return (cell) => codes.get(cell.toLowerCase());
}
