import type { PublicFigures } from '@aidtrail/figures';
import { listOf, recordOf, textOf, wholeOf } from '../shell/shapes.js';

/** A number that was published, or why there is none. */
export type Told = { readonly value: number } | { readonly suppressed: string };

export interface ShownTotal {
  readonly key: string;
  readonly level: string;
  readonly unit: 'minor' | 'count';
  readonly told: Told;
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
  /** What is told of no cell; undefined where the total is not told either. */
  readonly notToldApart: { readonly count: number; readonly amountMinor: number } | undefined;
}

export interface ShownSettlement {
  readonly status: string;
  readonly count: Told;
  readonly net: Told;
}

export interface ShownCorrection {
  readonly index: number;
  readonly day: string;
  readonly zh: string;
  readonly en: string;
}

/** What of `GET /public/figures` the page shows; the members are those of `PublicFigures`. */
export interface ShownFigures {
  readonly day: string;
  readonly currency: string;
  readonly treeSize: number;
  readonly k: number;
  readonly totals: readonly ShownTotal[];
  readonly tables: readonly ShownTable[];
  readonly settlements: readonly ShownSettlement[];
  readonly corrections: readonly ShownCorrection[];
}

/** The names that are read here are those that are published: the type says so. */
type Member = keyof PublicFigures;
const member = (answer: Readonly<Record<string, unknown>>, name: Member): unknown => answer[name];

/** Untrusted: the server's answer. Undefined for what is no publication of figures. */
export function readFigures(value: unknown): ShownFigures | undefined {
  const answer = recordOf(value);
  if (answer === undefined || member(answer, 'format') !== 'aidtrail-figures' || member(answer, 'v') !== 1)
    return undefined;
  const day = textOf(member(answer, 'day'));
  const currency = textOf(member(answer, 'currency'));
  const treeSize = wholeOf(member(answer, 'treeSize'));
  const k = wholeOf(recordOf(member(answer, 'rules'))?.['k']);
  const totals = listOf(member(answer, 'totals'), readTotal);
  const tables = listOf(member(answer, 'breakdowns'), readTable);
  const settlements = listOf(recordOf(member(answer, 'settlements'))?.['byStatus'], readSettlement);
  const corrections = listOf(member(answer, 'corrections'), readCorrection);
  if (day === undefined || currency === undefined || treeSize === undefined || k === undefined) return undefined;
  if (totals === undefined || tables === undefined || settlements === undefined || corrections === undefined)
    return undefined;
  return { day, currency, treeSize, k, totals, tables, settlements, corrections };
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
  return { key, level, unit, told };
}

function readTable(value: unknown): ShownTable | undefined {
  const part = recordOf(value) ?? {};
  const [name, dimension] = [textOf(part['name']), textOf(part['dimension'])];
  const [measure, level] = [textOf(part['measure']), textOf(part['level'])];
  const cells = listOf(part['cells'], readCell);
  if (name === undefined || dimension === undefined || measure === undefined || level === undefined) return undefined;
  if (cells === undefined) return undefined;
  const rest = recordOf(part['notToldApart']);
  const [count, amountMinor] = [wholeOf(rest?.['count']), wholeOf(rest?.['amountMinor'])];
  const notToldApart = count === undefined || amountMinor === undefined ? undefined : { count, amountMinor };
  return { name, dimension, measure, level, cells, notToldApart };
}

function readCell(value: unknown): ShownCell | undefined {
  const part = recordOf(value) ?? {};
  const [cell, count, amount] = [textOf(part['cell']), toldOf(part, 'count'), toldOf(part, 'amountMinor')];
  if (cell === undefined || count === undefined || amount === undefined) return undefined;
  return { cell, label: textOf(part['label']), count, amount };
}

function readSettlement(value: unknown): ShownSettlement | undefined {
  const part = recordOf(value) ?? {};
  const [status, count, net] = [textOf(part['status']), toldOf(part, 'count'), toldOf(part, 'netMinor')];
  return status === undefined || count === undefined || net === undefined ? undefined : { status, count, net };
}

function readCorrection(value: unknown): ShownCorrection | undefined {
  const part = recordOf(value) ?? {};
  const [index, day] = [wholeOf(part['index']), textOf(part['day'])];
  const [zh, en] = [textOf(part['noteZh']), textOf(part['noteEn'])];
  if (index === undefined || day === undefined || zh === undefined || en === undefined) return undefined;
  return { index, day, zh, en };
}
