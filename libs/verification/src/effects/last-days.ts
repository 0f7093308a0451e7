import type { Fact } from '@aidtrail/envelope';

/** The last days of campaigns, as they were at each version: an extension moves them. */
export class LastDays {
  private readonly byCampaign = new Map<string, { readonly version: number; readonly lastDay: string }[]>();

  set(campaign: string, version: number, lastDay: string): void {
    const known = this.byCampaign.get(campaign) ?? [];
    if (known[known.length - 1]?.lastDay === lastDay) return;
    this.byCampaign.set(campaign, [...known, { version, lastDay }]);
  }

  /** Empty, and so before every day, if there is no such campaign. */
  latest(campaign: string): string {
    return this.byCampaign.get(campaign)?.at(-1)?.lastDay ?? '';
  }

  /** As the decision knew it that recorded these facts: it need not have heard of the newest version. */
  at(campaign: string, facts: readonly Fact[] | undefined): string {
    const version = facts?.find(([stream]) => stream === campaign)?.[1] ?? Infinity;
    return this.byCampaign.get(campaign)?.findLast((known) => known.version <= version)?.lastDay ?? '';
  }
}
