/** Every organisation, place and campaign of the story. All names are invented; the division codes are not assigned. */

export const region = { city: '439901', coast: '439902', county: '439903' } as const;

type DivisionCode = (typeof region)[keyof typeof region];

/** What the operator of the demo calls them. */
export const divisionNames: Readonly<Record<DivisionCode, { readonly zh: string; readonly en: string }>> = {
  [region.city]: { zh: '梧桐区', en: 'Wutong District' },
  [region.coast]: { zh: '望海县', en: 'Wanghai County' },
  [region.county]: { zh: '青溪县', en: 'Qingxi County' },
};

export const communities = {
  city: ['文星社区', '梧桐社区', '南塘社区', '长堤社区'],
  coast: ['渔港村', '望海村', '沙埕村'],
  county: ['上坝村', '下坝村', '河口社区', '青石村', '枫香村', '月亮湾村'],
} as const;

export interface StorePlan {
  readonly name: string;
  readonly kind: 'shop' | 'mobile' | 'online';
  readonly tills: number;
}

export interface MerchantPlan {
  readonly name: string;
  readonly area: keyof typeof region;
  readonly stores: readonly StorePlan[];
}

export const merchantPlans: readonly MerchantPlan[] = [
  {
    name: '惠邻超市有限公司',
    area: 'city',
    stores: [
      { name: '惠邻超市梧桐店', kind: 'shop', tills: 2 },
      { name: '惠邻超市南塘店', kind: 'shop', tills: 1 },
    ],
  },
  { name: '安家便利店', area: 'city', stores: [{ name: '安家便利店文星路店', kind: 'shop', tills: 1 }] },
  { name: '云集优选商贸', area: 'city', stores: [{ name: '云集优选网上店', kind: 'online', tills: 2 }] },
  {
    name: '海晏超市有限公司',
    area: 'coast',
    stores: [
      { name: '海晏超市渔港店', kind: 'shop', tills: 1 },
      { name: '海晏超市望海店', kind: 'shop', tills: 1 },
    ],
  },
  { name: '沙埕供销社', area: 'coast', stores: [{ name: '沙埕供销社门市部', kind: 'shop', tills: 1 }] },
  {
    name: '青溪供销社',
    area: 'county',
    stores: [
      { name: '青溪供销社县城店', kind: 'shop', tills: 2 },
      { name: '青溪移动爱心超市', kind: 'mobile', tills: 2 },
    ],
  },
  { name: '禾丰超市', area: 'county', stores: [{ name: '禾丰超市河口店', kind: 'shop', tills: 1 }] },
  {
    name: '江口百货',
    area: 'county',
    stores: [
      { name: '江口百货青石店', kind: 'shop', tills: 1 },
      { name: '江口百货枫香店', kind: 'shop', tills: 1 },
    ],
  },
];

/** The scripted calendar. */
export const days = [
  '2026-06-01',
  '2026-06-02',
  '2026-06-03',
  '2026-06-04',
  '2026-06-05',
  '2026-06-06',
  '2026-06-07',
  '2026-06-08',
  '2026-06-09',
  '2026-06-10',
] as const;

/** The shops' last day in the story; after it there is only settling. */
export const lastSalesDay = '2026-06-08';

/** The day before the first one, on which the ledger is opened. */
export const openingDay = '2026-05-31';

export type CampaignName = 'preparedness' | 'warning' | 'recovery' | 'second';

export interface CampaignPlan {
  readonly name: string;
  readonly phase: 'preparedness' | 'early-warning' | 'recovery';
  readonly hazard: string;
  readonly area: keyof typeof region;
  readonly purpose: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly assistedAllowed: boolean;
  readonly largestRedemptionMinor?: number;
  readonly faceMinor: number;
  /** A household that comes spends at least so much. */
  readonly leastSpentMinor: number;
  /** Two digits of the identity numbers of its roster. */
  readonly division: string;
}

export const campaignPlans: Readonly<Record<CampaignName, CampaignPlan>> = {
  preparedness: {
    name: '梧桐区家庭备灾行动',
    phase: 'preparedness',
    hazard: 'typhoon',
    area: 'city',
    purpose: 'emergency-kits',
    firstDay: '2026-06-02',
    lastDay: '2026-06-05',
    assistedAllowed: false,
    faceMinor: 20_000,
    leastSpentMinor: 8_000,
    division: '01',
  },
  warning: {
    name: '望海县台风预警行动',
    phase: 'early-warning',
    hazard: 'typhoon',
    area: 'coast',
    purpose: 'stock-up-before-landfall',
    firstDay: '2026-06-03',
    lastDay: '2026-06-30',
    assistedAllowed: false,
    faceMinor: 15_000,
    leastSpentMinor: 6_000,
    division: '02',
  },
  recovery: {
    name: '青溪县洪灾恢复行动',
    phase: 'recovery',
    hazard: 'flood',
    area: 'county',
    purpose: 'first-resettlement',
    firstDay: '2026-06-04',
    lastDay: '2026-08-31',
    assistedAllowed: true,
    largestRedemptionMinor: 40_000,
    faceMinor: 50_000,
    leastSpentMinor: 20_000,
    division: '03',
  },
  second: {
    name: '梧桐区家庭备灾行动（第二轮）',
    phase: 'preparedness',
    hazard: 'typhoon',
    area: 'city',
    purpose: 'emergency-kits',
    firstDay: '2026-06-06',
    lastDay: '2026-06-30',
    assistedAllowed: false,
    faceMinor: 20_000,
    leastSpentMinor: 8_000,
    division: '04',
  },
};
