/** How many leaves were decided without checking which rules, because they rest on what was not disclosed. */
export class NotChecked {
  /** By the lists themselves, of which there are few. */
  private readonly leaves = new Map<readonly string[], number>();

  add(codes: readonly string[]): void {
    if (codes.length > 0) this.leaves.set(codes, (this.leaves.get(codes) ?? 0) + 1);
  }

  /** Refusal code → number of leaves. */
  counts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const [codes, leaves] of this.leaves) for (const code of codes) counts[code] = (counts[code] ?? 0) + leaves;
    return counts;
  }
}
