import { normaliseCell } from './normalise-cell.js';
import type { TableRecord } from './read-table.js';

/** The columns that a roster may have; everything else in a file is left unread and unstored. */
export type RosterField =
  | 'name'
  | 'idNumber'
  | 'idType'
  | 'phone'
  | 'county'
  | 'township'
  | 'community'
  | 'address'
  | 'group'
  | 'household'
  | 'note'
  | 'serial';

const synonyms: Readonly<Record<RosterField, string>> = {
  name: '姓名 名字 受助人 受助人姓名 受益人 受益人姓名 领取人 领取人姓名 持券人姓名 name fullname recipient recipientname beneficiary beneficiaryname',
  idNumber:
    '身份证 身份证号 身份证号码 居民身份证号 居民身份证号码 证件号 证件号码 公民身份号码 身份号码 idnumber idno idcard idcardno idcardnumber nationalid identitynumber identitycardnumber residentid residentidnumber',
  idType: '证件类型 证件种类 idtype documenttype',
  phone:
    '手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 联系手机 移动电话 phone phonenumber mobile mobilenumber mobilephone tel telephone contactnumber',
  county: '县 区县 县区 县市区 区 县市 所在县 所在区县 county district',
  township: '乡镇 乡 镇 街道 乡镇街道 镇街 township town subdistrict',
  community:
    '村 社区 村社区 村居 行政村 村委会 居委会 所在村 所在社区 村名 社区名称 village community villagecommunity',
  address: '住址 地址 家庭住址 详细地址 居住地址 address homeaddress',
  group: '类别 人群 人群类别 对象类别 人员类别 救助类别 类型 目标人群 targetgroup group category',
  household: '户主 户主姓名 户号 家庭编号 household householdhead headofhousehold householdid householdnumber',
  note: '备注 说明 note notes remark remarks comment comments',
  serial: '序号 编号 no index serial serialnumber',
};

const fieldByHeader: ReadonlyMap<string, RosterField> = new Map(
  (Object.keys(synonyms) as RosterField[]).flatMap((field) =>
    synonyms[field].split(' ').map((name) => [name, field] as const),
  ),
);

export interface RosterColumn {
  readonly index: number;
  /** The header as the file has it, normalised. */
  readonly header: string;
}

export interface HeaderRow {
  readonly line: number;
  /** Position of the row among the records. */
  readonly position: number;
  readonly width: number;
  readonly columns: ReadonlyMap<RosterField, RosterColumn>;
  readonly ignored: readonly string[];
  /** Two columns of the file that mean the same field. */
  readonly ambiguous: readonly string[];
}

const searchDepth = 20;

/**
 * Finds the header among the first records: the first row in which at least two columns are known and one of them is
 * the name or the identity number. Titles and notes above it are passed over.
 */
export function findHeader(records: readonly TableRecord[]): HeaderRow | undefined {
  for (const [position, record] of records.slice(0, searchDepth).entries()) {
    const header = readHeader(record, position);
    if (header.columns.size >= 2 && (header.columns.has('name') || header.columns.has('idNumber'))) return header;
  }
  return undefined;
}

/** True when a row repeats the header, as printed lists do on each page. */
export function repeatsHeader(record: TableRecord, header: HeaderRow): boolean {
  const mapped = [...header.columns.values()];
  return mapped.every(({ index, header: name }) => normaliseCell(record.cells[index] ?? '') === name);
}

function readHeader(record: TableRecord, position: number): HeaderRow {
  const columns = new Map<RosterField, RosterColumn>();
  const ignored: string[] = [];
  const ambiguous: string[] = [];
  record.cells.forEach((cell, index) => {
    const header = normaliseCell(cell);
    const field = fieldByHeader.get(headerKey(header));
    if (field === undefined) {
      if (header !== '') ignored.push(header.slice(0, 40));
    } else if (!columns.has(field)) {
      columns.set(field, { index, header: header.slice(0, 40) });
    } else if (field !== 'serial' && field !== 'note') {
      ambiguous.push(header.slice(0, 40));
    }
  });
  return { line: record.line, position, width: record.cells.length, columns, ignored, ambiguous };
}

/** `*身份证号 (18位)` and `ID Number` become `身份证号` and `idnumber`. */
function headerKey(header: string): string {
  return header
    .replace(/[([【{].*?[)\]】}]/g, '')
    .replace(/[\s*:：/、,_.#-]/g, '')
    .toLowerCase();
}
