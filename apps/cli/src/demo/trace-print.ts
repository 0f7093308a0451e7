import { commonTargetGroups } from '@aidtrail/privacy';
import { columns, treeLines, yuan, type Branch } from './print.js';

/** Where the fen of one donation are, as the ledger tells it. Amounts in fen; the states add up to the gift. */
export interface DonationTrace {
  readonly grossMinor: number;
  readonly feeMinor: number;
  readonly feeInTransitMinor: number;
  readonly feeUnlocatedMinor: number;
  readonly funds: readonly {
    readonly fund: string;
    readonly kind: string;
    readonly name: string;
    readonly passedMinor: number;
    readonly freeMinor: number;
    readonly inTransitMinor: number;
    readonly refundReservedMinor: number;
    readonly refundedMinor: number;
    readonly spentOnAdministrationMinor: number;
  }[];
  /** Smallest number of vouchers of which anything but an amount is told. */
  readonly k: number;
  /** Vouchers by target group. */
  readonly groups: {
    readonly cells: readonly { readonly cell: string; readonly vouchers: number }[];
    readonly restVouchers: number;
  };
  readonly goods: ToldTable;
  readonly weeks: ToldTable;
  readonly batches: readonly {
    readonly batch: string;
    /** Absent where they are too few to be told. */
    readonly vouchersTouched?: number;
    readonly passedMinor: number;
    readonly unissuedMinor: number;
    readonly unclaimedMinor: number;
    readonly claimedUnspentMinor: number;
    readonly redeemedMinor: number;
    readonly returningMinor: number;
    readonly returnedMinor: number;
    readonly recoverableMinor: number;
    readonly redeemedBySettlement: readonly { readonly status: string; readonly amountMinor: number }[];
  }[];
}

/**
 * The trace as a tree of what became of the gift, then the ways that its fen took. `campaignNames`: by batch. Throws if it does
 * not add up.
 */
export function traceLines(trace: DonationTrace, campaignNames: ReadonlyMap<string, string>): string[] {
  const tree = treeLines({ label: '捐赠 gift', amountMinor: trace.grossMinor, children: fates(trace, campaignNames) });
  const passed = trace.funds
    .filter(({ kind }) => kind !== 'administration')
    .sort((a, b) => b.passedMinor - a.passedMinor || (a.kind === 'general' ? -1 : 1))
    .map(({ name, passedMinor }) => ['  经过 through', name, yuan(passedMinor)]);
  const returned = trace.batches
    .filter(({ returnedMinor }) => returnedMinor > 0)
    .map(({ batch, returnedMinor }) => ['  收回 back from', nameOf(batch, campaignNames), yuan(returnedMinor)]);
  const paid = ['  已付 paid to', '商户 merchants', yuan(sumOf(trace.batches, paidOf))];
  const told = [
    ...groupLines(trace),
    ...toldLines('  买的 bought', trace.goods, trace.k),
    ...toldLines('  周 week of', trace.weeks, trace.k),
  ];
  return [
    ...tree,
    '在途 On the way (fen that came back count again)',
    ...columns([...passed, ...returned, paid, ...told], [2]),
  ];
}

function fates(trace: DonationTrace, campaignNames: ReadonlyMap<string, string>): Branch[] {
  const administration = trace.funds.filter(({ kind }) => kind === 'administration');
  const fee: Branch = {
    label: '管理费 management fee',
    amountMinor: trace.feeMinor,
    children: [
      { label: '在途 on its way', amountMinor: trace.feeInTransitMinor },
      { label: '未定位 not located', amountMinor: trace.feeUnlocatedMinor },
      { label: '未用 not spent yet', amountMinor: sumOf(administration, (fund) => fund.freeMinor) },
      { label: '已用 spent', amountMinor: sumOf(administration, (fund) => fund.spentOnAdministrationMinor) },
    ],
  };
  const funds = trace.funds
    .filter(({ kind }) => kind !== 'administration')
    .map((fund) =>
      branch(fund.name, [
        { label: '可用 free', amountMinor: fund.freeMinor },
        { label: '在途 in transit', amountMinor: fund.inTransitMinor },
        { label: '待退 reserved for a refund', amountMinor: fund.refundReservedMinor },
        { label: '已退 refunded', amountMinor: fund.refundedMinor },
      ]),
    );
  const batches = trace.batches.map((batch) =>
    branch(`${nameOf(batch.batch, campaignNames)}, ${vouchersIn(batch)}`, [
      { label: '核销 redeemed', amountMinor: batch.redeemedMinor },
      { label: '已领未用 claimed, not spent', amountMinor: batch.claimedUnspentMinor },
      { label: '未领 not claimed', amountMinor: batch.unclaimedMinor },
      { label: '未发 not issued yet', amountMinor: batch.unissuedMinor },
      { label: '收回在途 on the way back', amountMinor: batch.returningMinor },
      { label: '待追回 owed by a merchant', amountMinor: batch.recoverableMinor },
    ]),
  );
  return [fee, ...funds, ...batches];
}

function vouchersIn({ vouchersTouched }: DonationTrace['batches'][number]): string {
  return vouchersTouched === undefined ? '少量券 a few vouchers' : `${vouchersTouched} 张券 vouchers`;
}

/** What the bank has paid to shops for the redeemed fen. */
function paidOf({ redeemedBySettlement }: DonationTrace['batches'][number]): number {
  return sumOf(
    redeemedBySettlement.filter(({ status }) => status === 'paid' || status === 'reconciled'),
    ({ amountMinor }) => amountMinor,
  );
}

type Row = readonly [title: string, name: string, size: string];

/** To whom the vouchers went, in vouchers; of batches with too few vouchers nothing is counted. */
function groupLines({ batches, groups: { cells, restVouchers }, k }: DonationTrace): readonly Row[] {
  const title = '  发给 issued to';
  if (cells.length === 0) return batches.length === 0 ? [] : [notTold(title, k)];
  const rows = cells.map(({ cell, vouchers }): Row => [title, groupName(cell), `${vouchers} 张 vouchers`]);
  return restVouchers === 0
    ? rows
    : [...rows, [title, '其他或未说明 others or not told', `${restVouchers} 张 vouchers`]];
}

function groupName(code: string): string {
  const zh = commonTargetGroups.find((group) => group.code === code)?.names[0];
  return zh === undefined ? code : `${zh} ${code}`;
}

function notTold(title: string, k: number): Row {
  return [title, `不足 ${k} 户，不显示 fewer than ${k} households: not told`, ''];
}

/** The largest cells; the others, and what may not be told, as one. */
function toldLines(title: string, { cells, restMinor }: ToldTable, k: number): readonly Row[] {
  if (cells.length === 0) return restMinor === 0 ? [] : [notTold(title, k)];
  const others = cells.slice(SHOWN_CELLS);
  const rows = cells.slice(0, SHOWN_CELLS).map(({ amountMinor, cell }) => [title, cell, yuan(amountMinor)] as const);
  const rest = restMinor + sumOf(others, ({ amountMinor }) => amountMinor);
  return rest === 0 ? rows : [...rows, [title, '其余 everything else', yuan(rest)]];
}

const SHOWN_CELLS = 3;

/** What may be told of the goods or weeks of a gift. */
interface ToldTable {
  readonly cells: readonly { readonly cell: string; readonly amountMinor: number }[];
  readonly restMinor: number;
}

function branch(label: string, children: readonly Branch[]): Branch {
  return { label, amountMinor: sumOf(children, ({ amountMinor }) => amountMinor), children };
}

function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function nameOf(batch: string, campaignNames: ReadonlyMap<string, string>): string {
  return campaignNames.get(batch) ?? batch;
}
