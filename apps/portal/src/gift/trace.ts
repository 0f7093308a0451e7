import { listOf, recordOf, textOf, wholeOf, wholesOf } from '../shell/shapes.js';

/** What the ledger says about one gift; amounts in minor units. The members are those of `POST /traces`. */
export interface GiftTrace {
  readonly day: string;
  /** How many leaves of the log it counts. */
  readonly asOf: number;
  readonly grossMinor: number;
  readonly feeMinor: number;
  readonly feeInTransitMinor: number;
  readonly feeUnlocatedMinor: number;
  readonly k: number;
  readonly funds: readonly FundPart[];
  readonly batches: readonly BatchPart[];
  /** To whom the vouchers went. */
  readonly groups: Groups;
  /** What was bought. */
  readonly goods: Table;
  /** When it was redeemed: Mondays of weeks, or months. */
  readonly weeks: Table;
  readonly merchants: Table;
  /** When the bank paid the merchants: days, or months. */
  readonly bankDays: Table;
  /** Undefined until a checkpoint covers the gift. */
  readonly evidence: Evidence | undefined;
}

export interface Evidence {
  readonly leafIndex: number;
  readonly disclosures: readonly string[];
}

const fundAmounts = [
  'freeMinor',
  'inTransitMinor',
  'refundReservedMinor',
  'refundedMinor',
  'spentOnAdministrationMinor',
] as const;

const batchAmounts = [
  'unissuedMinor',
  'unclaimedMinor',
  'claimedUnspentMinor',
  'redeemedMinor',
  'returningMinor',
  'returnedMinor',
  'recoverableMinor',
] as const;

export type FundPart = Readonly<Record<(typeof fundAmounts)[number], number>> & {
  readonly fund: string;
  readonly kind: string;
  readonly name: string;
};

export type BatchPart = Readonly<Record<(typeof batchAmounts)[number], number>> & {
  readonly batch: string;
  readonly campaign: string;
  readonly fund: string;
  /** Too few vouchers to say how few. */
  readonly coarsened: boolean;
  readonly vouchersTouched: number | undefined;
  readonly settled: readonly Cell[];
};

/** How much of the gift is in a state, of a kind, in a week or at a merchant. */
export interface Cell {
  readonly name: string;
  readonly amountMinor: number;
}

/** Cells that k households' vouchers or more stand behind, and what is told of none of them. */
export interface Table {
  readonly level: string;
  readonly cells: readonly Cell[];
  readonly restMinor: number;
}

/** Vouchers of each target group, k or more, and those of which no group is told. */
export interface Groups {
  readonly level: string;
  readonly cells: readonly { readonly name: string; readonly vouchers: number }[];
  readonly restVouchers: number;
}

/** Untrusted: the server's answer. Undefined for what is no trace. */
export function readTrace(value: unknown): GiftTrace | undefined {
  const answer = recordOf(value);
  if (answer?.['status'] !== 'traced') return undefined;
  const whole = wholesOf(answer, ['asOf', 'grossMinor', 'feeMinor', 'feeInTransitMinor', 'feeUnlocatedMinor', 'k']);
  const day = textOf(answer['day']);
  const funds = listOf(answer['funds'], readFund);
  const batches = listOf(answer['batches'], readBatch);
  const groups = readGroups(answer['groups']);
  const [goods, weeks] = [readTable(answer['goods']), readTable(answer['weeks'])];
  const [merchants, bankDays] = [readTable(answer['merchants']), readTable(answer['bankDays'])];
  if (whole === undefined || day === undefined || funds === undefined || batches === undefined) return undefined;
  if (
    groups === undefined ||
    goods === undefined ||
    weeks === undefined ||
    merchants === undefined ||
    bankDays === undefined
  )
    return undefined;
  return {
    ...whole,
    day,
    funds,
    batches,
    groups,
    goods,
    weeks,
    merchants,
    bankDays,
    evidence: readEvidence(answer['evidence']),
  };
}

function readFund(value: unknown): FundPart | undefined {
  const part = recordOf(value);
  const [fund, kind, name] = [textOf(part?.['fund']), textOf(part?.['kind']), textOf(part?.['name'])];
  const amounts = part && wholesOf(part, fundAmounts);
  if (amounts === undefined || fund === undefined || kind === undefined || name === undefined) return undefined;
  return { ...amounts, fund, kind, name };
}

function readBatch(value: unknown): BatchPart | undefined {
  const part = recordOf(value);
  const [batch, campaign, fund] = [textOf(part?.['batch']), textOf(part?.['campaign']), textOf(part?.['fund'])];
  const amounts = part && wholesOf(part, batchAmounts);
  const settled = listOf(part?.['redeemedBySettlement'], cellOf('status'));
  if (amounts === undefined || batch === undefined || campaign === undefined || fund === undefined) return undefined;
  if (settled === undefined) return undefined;
  const coarsened = part?.['coarsened'] === true;
  return {
    ...amounts,
    batch,
    campaign,
    fund,
    coarsened,
    vouchersTouched: wholeOf(part?.['vouchersTouched']),
    settled,
  };
}

function readGroups(value: unknown): Groups | undefined {
  const groups = recordOf(value);
  const [level, restVouchers] = [textOf(groups?.['level']), wholeOf(groups?.['restVouchers'])];
  const cells = listOf(groups?.['cells'], (one) => {
    const cell = recordOf(one);
    const [name, vouchers] = [textOf(cell?.['cell']), wholeOf(cell?.['vouchers'])];
    return name === undefined || vouchers === undefined ? undefined : { name, vouchers };
  });
  return level === undefined || restVouchers === undefined || cells === undefined
    ? undefined
    : { level, restVouchers, cells };
}

function readTable(value: unknown): Table | undefined {
  const table = recordOf(value);
  const [level, restMinor] = [textOf(table?.['level']), wholeOf(table?.['restMinor'])];
  const cells = listOf(table?.['cells'], (one) => {
    const cell = recordOf(one);
    const name = textOf(cell?.['label']) ?? textOf(cell?.['cell']);
    const amountMinor = wholeOf(cell?.['amountMinor']);
    return name === undefined || amountMinor === undefined ? undefined : { name, amountMinor };
  });
  return level === undefined || restMinor === undefined || cells === undefined
    ? undefined
    : { level, restMinor, cells };
}

function cellOf(member: string): (value: unknown) => Cell | undefined {
  return (value) => {
    const cell = recordOf(value);
    const [name, amountMinor] = [textOf(cell?.[member]), wholeOf(cell?.['amountMinor'])];
    return name === undefined || amountMinor === undefined ? undefined : { name, amountMinor };
  };
}

function readEvidence(value: unknown): Evidence | undefined {
  const evidence = recordOf(value);
  const leafIndex = wholeOf(evidence?.['leafIndex']);
  const disclosures = listOf(evidence?.['disclosures'], textOf);
  return leafIndex === undefined || disclosures === undefined ? undefined : { leafIndex, disclosures };
}
