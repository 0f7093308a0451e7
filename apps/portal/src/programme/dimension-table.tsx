import type { ReactNode } from 'react';
import { saveText } from '../check/save-text.js';
import { Division, DivisionsHow } from '../divisions/division.js';
import { formatAmount, thousandths } from '../language/amounts.js';
import { wordFor } from '../language/codes.js';
import { formatMonth } from '../language/days.js';
import { useLanguage, useWords } from '../language/language.js';
import { pathOf } from './changes.js';
import { csvOf } from './csv.js';
import { FigureNumber, How, useShowing } from './figure-number.js';
import { howWords, knownDimension } from './how.words.js';
import { programmeWords, wordOf } from './programme.words.js';
import type { ShownFigures, ShownTable, Told } from './read-figures.js';

/** What was redeemed and claimed by one dimension: a row has the cells of that name in both. */
interface Row {
  readonly cell: string;
  readonly label: string | undefined;
  readonly redeemed: { readonly count: Told; readonly amount: Told } | undefined;
  readonly claimed: Told | undefined;
}

export function tablesBy(dimension: string, { tables }: ShownFigures): readonly ShownTable[] {
  return tables.filter((table) => table.dimension === dimension);
}

function rowsOf(tables: readonly ShownTable[]): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const { cells, measure } of tables)
    for (const { amount, cell, count, label } of cells) {
      const row = rows.get(cell) ?? { cell, label, redeemed: undefined, claimed: undefined };
      rows.set(cell, measure === 'claimed' ? { ...row, claimed: count } : { ...row, redeemed: { count, amount } });
    }
  return [...rows.values()];
}

/** One table for one dimension, with a bar for each amount; what has no number says why. */
export function DimensionTable({ dimension }: { readonly dimension: string }) {
  const words = useWords(programmeWords);
  const how = useWords(howWords);
  const { figures } = useShowing();
  const { language } = useLanguage();
  const tables = tablesBy(dimension, figures);
  const [redeemed, claimed] = [tables.find(isRedeemed), tables.find(({ measure }) => measure === 'claimed')];
  const rows = dimension === 'month' ? byName(rowsOf(tables)) : rowsOf(tables);
  const most = Math.max(1, ...rows.map(({ redeemed: of }) => (of && 'value' in of.amount ? of.amount.value : 0)));
  const known = knownDimension(dimension);
  const title = wordOf(words.sections, dimension === 'month' ? 'time' : dimension);
  const nameOf = ({ cell, label }: Row): ReactNode => {
    if (dimension === 'county') return <Division code={cell} />;
    if (label !== undefined) return label;
    return dimension === 'month' ? formatMonth(cell, language) : wordFor(cell, language);
  };
  if (tables.length === 0) return null;
  return (
    <>
      <table className="fates figures stacked" role="table">
        <caption className="visually-hidden">{title}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">
              {words.columns.name}
            </th>
            {redeemed !== undefined && <HeadCell text={words.columns.redeemed} />}
            {redeemed !== undefined && <HeadCell text={words.columns.redemptions} />}
            {claimed !== undefined && <HeadCell text={words.columns.claimed} />}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={row.cell} role="row">
              <th scope="row" role="rowheader">
                {nameOf(row)}
                <Share told={row.redeemed?.amount} most={most} />
              </th>
              {redeemed !== undefined && <RedeemedCells row={row} table={redeemed.name} />}
              {claimed !== undefined && (
                <Cell column="claimed">
                  {row.claimed && (
                    <FigureNumber told={row.claimed} unit="count" path={pathOf.cell(claimed.name, row.cell, 'count')} />
                  )}
                </Cell>
              )}
            </tr>
          ))}
          <RestRow redeemed={redeemed} claimed={claimed} />
        </tbody>
        <TotalRow redeemed={redeemed} claimed={claimed} />
      </table>
      <div className="under-table">
        <How level={tables[0]?.level ?? 'L1'} name={title}>
          <p>{known === undefined ? dimension : how.tables[known]}</p>
          {dimension === 'county' && (
            <p>
              <DivisionsHow />
            </p>
          )}
          <p>{how.released(figures.k)}</p>
        </How>
        <span className="buttons">
          {tables.map((table) => (
            <CsvButton key={table.name} table={table} />
          ))}
        </span>
      </div>
    </>
  );
}

const byName = (rows: readonly Row[]): readonly Row[] => [...rows].sort((a, b) => (a.cell < b.cell ? -1 : 1));

const isRedeemed = ({ measure }: ShownTable): boolean => measure === 'redeemed';

/** On a phone a row is a small block: then each number carries the name of its column. */
function Cell(of: {
  readonly column: 'redeemed' | 'redemptions' | 'claimed';
  readonly isWide?: boolean;
  readonly children: ReactNode;
}) {
  const { columns } = useWords(programmeWords);
  return (
    <td className="figure" role="cell" data-column={columns[of.column]} colSpan={of.isWide === true ? 2 : 1}>
      {of.children}
    </td>
  );
}

function HeadCell({ text }: { readonly text: string }) {
  return (
    <th scope="col" role="columnheader" className="figure">
      {text}
    </th>
  );
}

/** An amount and its count are told or withheld together; then one cell says why. */
function RedeemedCells({ row: { cell, redeemed }, table }: { readonly row: Row; readonly table: string }) {
  if (redeemed === undefined) return <td colSpan={2} role="cell" />;
  const { amount, count } = redeemed;
  const number = (column: 'amount' | 'count') => (
    <FigureNumber
      told={column === 'amount' ? amount : count}
      unit={column === 'amount' ? 'minor' : 'count'}
      path={pathOf.cell(table, cell, column)}
    />
  );
  if ('suppressed' in amount)
    return (
      <Cell column="redeemed" isWide>
        {number('amount')}
      </Cell>
    );
  return (
    <>
      <Cell column="redeemed">{number('amount')}</Cell>
      <Cell column="redemptions">{number('count')}</Cell>
    </>
  );
}

function Share({ most, told }: { readonly told: Told | undefined; readonly most: number }) {
  if (told === undefined || 'suppressed' in told) return null;
  return (
    <svg className="share" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      <rect width={Math.max(thousandths(told.value, most), 4)} height="10" />
    </svg>
  );
}

interface Both {
  readonly redeemed: ShownTable | undefined;
  readonly claimed: ShownTable | undefined;
}

function RestRow({ claimed, redeemed }: Both) {
  const words = useWords(programmeWords);
  const [rest, claimedRest] = [redeemed?.notToldApart, claimed?.notToldApart];
  if (!((rest?.count ?? 0) > 0 || (claimedRest?.count ?? 0) > 0)) return null;
  return (
    <tr className="rest" role="row">
      <th scope="row" role="rowheader">
        {words.rest}
      </th>
      {redeemed !== undefined && (
        <>
          <Cell column="redeemed">{rest && <Plain value={rest.amountMinor} unit="minor" />}</Cell>
          <Cell column="redemptions">{rest && <Plain value={rest.count} unit="count" />}</Cell>
        </>
      )}
      {claimed !== undefined && (
        <Cell column="claimed">{claimedRest && <Plain value={claimedRest.count} unit="count" />}</Cell>
      )}
    </tr>
  );
}

function Plain({ unit, value }: { readonly value: number; readonly unit: 'minor' | 'count' }) {
  return <FigureNumber told={{ value }} unit={unit} path="rest" />;
}

function TotalRow({ claimed, redeemed }: Both) {
  const words = useWords(programmeWords);
  return (
    <tfoot role="rowgroup">
      <tr role="row">
        <th scope="row" role="rowheader">
          {words.total}
        </th>
        {redeemed !== undefined &&
          (['amount', 'count'] as const).map((column) => (
            <Cell key={column} column={column === 'amount' ? 'redeemed' : 'redemptions'}>
              <FigureNumber
                told={redeemed.total[column]}
                unit={column === 'amount' ? 'minor' : 'count'}
                path={pathOf.tableTotal(redeemed.name, column)}
              />
            </Cell>
          ))}
        {claimed !== undefined && (
          <Cell column="claimed">
            <FigureNumber told={claimed.total.count} unit="count" path={pathOf.tableTotal(claimed.name, 'count')} />
          </Cell>
        )}
      </tr>
    </tfoot>
  );
}

/** Made of what is on the page, so that it can be had without a network, too. */
function CsvButton({ table }: { readonly table: ShownTable }) {
  const words = useWords(programmeWords);
  const save = (): void => {
    const textOf = (told: Told, asText: (value: number) => string) =>
      'suppressed' in told ? told.suppressed : asText(told.value);
    const rows = table.cells.map(({ amount, cell, count, label }) => [
      cell,
      label ?? '',
      textOf(count, String),
      textOf(amount, (minor) => formatAmount(minor).replaceAll(',', '')),
    ]);
    saveText(`${table.name}.csv`, csvOf([['cell', 'label', 'count', 'amount'], ...rows]));
  };
  return (
    <button type="button" className="button-quiet button-small" onClick={save}>
      {words.csv(wordOf(words.measures, table.measure))}
    </button>
  );
}
