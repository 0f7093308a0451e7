import { SharedNames } from '@aidtrail/domain';

/** What the opening of a campaign says in public. */
export interface PublicCampaign {
  readonly name: string;
  /** Code of its region. */
  readonly region: string;
}

/** Opened where no leaf says so, which an audit finds. */
const UNKNOWN: PublicCampaign = { name: '', region: '' };

/** Campaigns and the regions that they are for, by number. */
export class Campaigns {
  private readonly ids = new SharedNames();
  private readonly counties = new SharedNames();
  /** By campaign. */
  private readonly opened: PublicCampaign[] = [];
  private readonly countyNumbers: number[] = [];

  open(id: string, { name, region }: PublicCampaign): void {
    const number = this.numberOf(id);
    this.opened[number] = { name, region };
    this.countyNumbers[number] = this.counties.numberOf(region);
  }

  numberOf(id: string): number {
    return this.ids.numberOf(id);
  }

  /** Two campaigns of one region have the same. */
  countyOf(number: number): number {
    return this.countyNumbers[number] ?? this.counties.numberOf('');
  }

  describe(number: number): PublicCampaign & { readonly campaign: string } {
    return { campaign: this.ids.nameOf(number), ...(this.opened[number] ?? UNKNOWN) };
  }
}
