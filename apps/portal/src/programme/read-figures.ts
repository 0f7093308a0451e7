import type { PublicFigures } from '@aidtrail/figures';
import { listOf, recordOf, textOf, wholeOf } from '../shell/shapes.js';

/** A number that was published, or why there is none. */
export type Told = { readonly value: number } | { readonly suppressed: string };

export interface ShownTotal {
  readonly key: string;
  readonly level: string;
  readonly unit: 'minor' | 'count';
  readonly told: Told;
  /** The tree size at which it was exactly this. */
  readonly asOf: number | undefined;
}

export interface ShownCell {
  readonly cell: string;
  readonly label: string | undefined;
  readonly count: Told;
  readonly amount: Told;
}

export interface ShownTable {
  readonly name: string;
  readonly dimension: string;
  readonly measure: string;
  readonly level: string;
  readonly cells: readonly ShownCell[];
  readonly total: { readonly count: Told; readonly amount: Told };
  /** What is told of no cell; undefined where the total is not told either. */
  readonly notToldApart: { readonly count: number; readonly amountMinor: number } | undefined;
}

interface Settled {
  readonly count: Told;
  readonly net: Told;
}
export interface ShownSettlement extends Settled {
  readonly status: string;
}
export interface ShownAge extends Settled {
  readonly fromDays: number;
  readonly toDays: number | undefined;
}

export interface ShownCorrection {
  readonly index: number;
  readonly day: string;
  readonly period: string;
  readonly zh: string;
  readonly en: string;
}

export interface ShownPrivacy {
  readonly level: string;
  readonly redemptions: Told;
  readonly singledOut: Told;
}

/** What of `GET /public/figures` the page shows; the members are those of `PublicFigures`. */
export interface ShownFigures {
  readonly day: string;
  readonly currency: string;
  readonly treeSize: number;
  readonly k: number;
  readonly dominancePercent: number;
  readonly totals: readonly ShownTotal[];
  readonly tables: readonly ShownTable[];
  readonly settlements: {
    readonly level: string;
    readonly byStatus: readonly ShownSettlement[];
    readonly ageing: readonly ShownAge[];
  };
  readonly corrections: readonly ShownCorrection[];
  readonly privacy: ShownPrivacy;
}

/** The second document: the same parts, of figures for which disclosures are needed. */
export type ShownDisclosed = Pick<ShownFigures, 'treeSize' | 'totals' | 'tables'>;

/** The names that are read here are those that are published: the type says so. */
type Member = keyof PublicFigures;
const member = (answer: Readonly<Record<string, unknown>>, name: Member): unknown => answer[name];

/** Untrusted: the server's answer. Undefined for what is no publication of figures. */
export function readFigures(value: unknown): ShownFigures | undefined {
  const answer = recordOf(value);
  if (answer === undefined || member(answer, 'format') !== 'aidtrail-figures' || member(answer, 'v') !== 1)
    return undefined;
  const [day, currency] = [textOf(member(answer, 'day')), textOf(member(answer, 'currency'))];
  const rules = recordOf(member(answer, 'rules'));
  const [k, dominancePercent] = [wholeOf(rules?.['k']), wholeOf(rules?.['dominancePercent'])];
  const parts = readParts(answer);
  const settlements = readSettlements(member(answer, 'settlements'));
  const corrections = listOf(member(answer, 'corrections'), readCorrection);
  const privacy = readPrivacy(member(answer, 'privacy'));
  if (day === undefined || currency === undefined || k === undefined || dominancePercent === undefined)
    return undefined;
  if (parts === undefined || settlements === undefined || corrections === undefined || privacy === undefined)
    return undefined;
  return { ...parts, day, currency, k, dominancePercent, settlements, corrections, privacy };
}

/** Untrusted: the answer. Undefined for what is no second document. */
export function readDisclosed(value: unknown): ShownDisclosed | undefined {
  const answer = recordOf(value);
  return answer?.['format'] === 'aidtrail-figures-disclosed' && answer['v'] === 1 ? readParts(answer) : undefined;
}

/** The figures with those of the second document of the same cut; one of another cut is left out. */
export function withDisclosed(figures: ShownFigures, disclosed: ShownDisclosed | undefined): ShownFigures {
  if (disclosed === undefined || disclosed.treeSize !== figures.treeSize) return figures;
  const { tables, totals } = disclosed;
  return { ...figures, totals: [...figures.totals, ...totals], tables: [...figures.tables, ...tables] };
}

function readParts(answer: Readonly<Record<string, unknown>>): ShownDisclosed | undefined {
  const treeSize = wholeOf(member(answer, 'treeSize'));
  const totals = listOf(member(answer, 'totals'), readTotal);
  const tables = listOf(member(answer, 'breakdowns'), readTable);
  if (treeSize === undefined || totals === undefined || tables === undefined) return undefined;
  return { treeSize, totals, tables };
}

function toldOf(part: Readonly<Record<string, unknown>>, name: string): Told | undefined {
  const suppressed = textOf(part['suppressed']);
  if (suppressed !== undefined) return { suppressed };
  const value = wholeOf(part[name]);
  return value === undefined ? undefined : { value };
}

function readTotal(value: unknown): ShownTotal | undefined {
  const part = recordOf(value) ?? {};
  const [key, level, told] = [textOf(part['key']), textOf(part['level']), toldOf(part, 'value')];
  const unit = (['minor', 'count'] as const).find((known) => known === part['unit']);
  if (key === undefined || level === undefined || unit === undefined || told === undefined) return undefined;
  return { key, level, unit, told, asOf: wholeOf(part['asOf']) };
}

function readTable(value: unknown): ShownTable | undefined {
  const part = recordOf(value) ?? {};
  const [name, dimension] = [textOf(part['name']), textOf(part['dimension'])];
  const [measure, level] = [textOf(part['measure']), textOf(part['level'])];
  const cells = listOf(part['cells'], readCell);
  const total = readNumbers(part['total'], 'amountMinor');
  if (name === undefined || dimension === undefined || measure === undefined || level === undefined) return undefined;
  if (cells === undefined || total === undefined) return undefined;
  const rest = recordOf(part['notToldApart']);
  const [count, amountMinor] = [wholeOf(rest?.['count']), wholeOf(rest?.['amountMinor'])];
  const notToldApart = count === undefined || amountMinor === undefined ? undefined : { count, amountMinor };
  return { name, dimension, measure, level, cells, total, notToldApart };
}

function readNumbers(value: unknown, amountName: string): { readonly count: Told; readonly amount: Told } | undefined {
  const part = recordOf(value) ?? {};
  const [count, amount] = [toldOf(part, 'count'), toldOf(part, amountName)];
  return count === undefined || amount === undefined ? undefined : { count, amount };
}

function readCell(value: unknown): ShownCell | undefined {
  const part = recordOf(value);
  const [cell, numbers] = [textOf(part?.['cell']), readNumbers(value, 'amountMinor')];
  if (cell === undefined || numbers === undefined) return undefined;
  return { ...numbers, cell, label: textOf(part?.['label']) };
}

function readSettlements(value: unknown): ShownFigures['settlements'] | undefined {
  const part = recordOf(value);
  const level = textOf(part?.['level']);
  const byStatus = listOf(part?.['byStatus'], (line) => {
    const [status, settled] = [textOf(recordOf(line)?.['status']), readSettled(line)];
    return status === undefined || settled === undefined ? undefined : { ...settled, status };
  });
  const ageing = listOf(part?.['ageing'], (line) => {
    const age = recordOf(line);
    const [fromDays, settled] = [wholeOf(age?.['fromDays']), readSettled(line)];
    if (fromDays === undefined || settled === undefined) return undefined;
    return { ...settled, fromDays, toDays: wholeOf(age?.['toDays']) };
  });
  if (level === undefined || byStatus === undefined || ageing === undefined) return undefined;
  return { level, byStatus, ageing };
}

function readSettled(value: unknown): Settled | undefined {
  const part = recordOf(value) ?? {};
  const [count, net] = [toldOf(part, 'count'), toldOf(part, 'netMinor')];
  return count === undefined || net === undefined ? undefined : { count, net };
}

function readCorrection(value: unknown): ShownCorrection | undefined {
  const part = recordOf(value) ?? {};
  const [index, day, period] = [wholeOf(part['index']), textOf(part['day']), textOf(part['period'])];
  const [zh, en] = [textOf(part['noteZh']), textOf(part['noteEn'])];
  if (index === undefined || day === undefined || period === undefined) return undefined;
  return zh === undefined || en === undefined ? undefined : { index, day, period, zh, en };
}

function readPrivacy(value: unknown): ShownPrivacy | undefined {
  const part = recordOf(value) ?? {};
  const level = textOf(part['level']);
  const [redemptions, singledOut] = [toldOf(part, 'redemptionCount'), toldOf(part, 'singledOutCount')];
  if (level === undefined || redemptions === undefined || singledOut === undefined) return undefined;
  return { level, redemptions, singledOut };
}
