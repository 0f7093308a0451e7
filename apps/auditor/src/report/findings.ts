import { findingTexts, type Finding, type FindingCode } from '@aidtrail/verification';

/** Findings that are told one by one; of more there is the number only, by code. */
const MOST_TOLD = 1_000;

/** Collects findings as they come, in memory that does not grow with them. */
export class Findings {
  private readonly kept: Finding[] = [];
  private readonly numbers = new Map<FindingCode, number>();
  total = 0;

  readonly report = (finding: Finding): void => {
    this.total += 1;
    const before = this.numbers.get(finding.code) ?? 0;
    this.numbers.set(finding.code, before + 1);
    // Of each code some: a thousand of one kind must not hide another.
    if (before < MOST_TOLD) this.kept.push(finding);
  };

  /** By code, in the order of the reference page. */
  counts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const code of Object.keys(findingTexts) as FindingCode[]) {
      const number = this.numbers.get(code);
      if (number !== undefined) counts[code] = number;
    }
    return counts;
  }

  /** In the order of the log, what concerns no leaf first: signatures are verified in no particular order. */
  inOrder(): readonly Finding[] {
    const rank = new Map(Object.keys(findingTexts).map((code, i) => [code, i]));
    const placeOf = ({ leaf }: Finding): number => leaf ?? -1;
    return [...this.kept].sort((a, b) => placeOf(a) - placeOf(b) || (rank.get(a.code) ?? 0) - (rank.get(b.code) ?? 0));
  }
}
