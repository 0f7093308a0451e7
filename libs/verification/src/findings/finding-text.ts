import type { Level } from '@aidtrail/domain';

/** What a finding says to people. `L1`: anyone sees it from public leaves; `L2`: it shows only with disclosures. */
export interface FindingText {
  readonly level: Level;
  readonly zh: string;
  readonly en: string;
}

/** The texts of one area, by code. */
export function defineFindings<const T extends Readonly<Record<string, FindingText>>>(table: T): T {
  return table;
}
