/** What a settlement starts from and what its maker decides; whole minor units ≥ 0. */
export interface SettlementInput {
  readonly grossMinor: number;
  readonly reversalsMinor: number;
  /** Part of the reversals. */
  readonly recoverableMinor: number;
  readonly withheldMinor: number;
  readonly releasedMinor: number;
  /** From the merchant's settlement before this one; 0 for the first. */
  readonly before: {
    readonly carriedOutMinor: number;
    readonly withheldBalanceMinor: number;
    readonly recoverableBalanceMinor: number;
  };
}

/**
 * net = gross − reversals − withheld + released − carried in + carried out, where carried out is what is missing to bring
 * the net to 0. Of the debts that this settlement nets (reversals after payout of this window, and debt carried in, less
 * what is carried out again) those that are recoverable fen are *recovered*: they free segments on a fund's line.
 */
export function settle(input: SettlementInput) {
  const { grossMinor, reversalsMinor, recoverableMinor, withheldMinor, releasedMinor, before } = input;
  const carriedInMinor = before.carriedOutMinor;
  const dueMinor = dueOf(input) - withheldMinor;
  const carriedOutMinor = Math.max(0, -dueMinor);
  const netMinor = grossMinor - reversalsMinor - withheldMinor + releasedMinor - carriedInMinor + carriedOutMinor;
  const owedMinor = before.recoverableBalanceMinor + recoverableMinor;
  const nettedMinor = recoverableMinor + carriedInMinor - carriedOutMinor;
  const recoveredMinor = Math.min(owedMinor, Math.max(0, nettedMinor));
  return {
    withheldMinor,
    releasedMinor,
    carriedInMinor,
    carriedOutMinor,
    recoveredMinor,
    netMinor,
    withheldBalanceMinor: before.withheldBalanceMinor + withheldMinor - releasedMinor,
    recoverableBalanceMinor: owedMinor - recoveredMinor,
  };
}

/** What would be paid if nothing were withheld; negative if the merchant owes. */
export function dueOf(input: Omit<SettlementInput, 'withheldMinor'>): number {
  return input.grossMinor - input.reversalsMinor + input.releasedMinor - input.before.carriedOutMinor;
}
