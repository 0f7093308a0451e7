import { saveText } from '../check/save-text.js';
import { formatAmount, thousandths } from '../language/amounts.js';
import { wordFor } from '../language/codes.js';
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

export function rowsOf(tables: readonly ShownTable[]): readonly Row[] {
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
  const rows = rowsOf(tables);
  const most = Math.max(1, ...rows.map(({ redeemed: of }) => (of && 'value' in of.amount ? of.amount.value : 0)));
  const known = knownDimension(dimension);
  const title = wordOf(words.sections, dimension);
  const nameOf = ({ cell, label }: Row): string =>
    label ?? (dimension === 'county' ? words.region(cell) : wordFor(cell, language));
  if (tables.length === 0) return null;
  return (
    <>
      <table className="fates figures">
        <caption className="visually-hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{words.columns.name}</th>
            {redeemed !== undefined && <HeadCell text={words.columns.redeemed} />}
            {redeemed !== undefined && <HeadCell text={words.columns.redemptions} />}
            {claimed !== undefined && <HeadCell text={words.columns.claimed} />}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.cell}>
              <th scope="row">
                {nameOf(row)}
                <Share told={row.redeemed?.amount} most={most} />
              </th>
              {redeemed !== undefined && <RedeemedCells row={row} table={redeemed.name} />}
              {claimed !== undefined && (
                <td className="figure">
                  {row.claimed && (
                    <FigureNumber told={row.claimed} unit="count" path={pathOf.cell(claimed.name, row.cell, 'count')} />
                  )}
                </td>
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

const isRedeemed = ({ measure }: ShownTable): boolean => measure === 'redeemed';

function HeadCell({ text }: { readonly text: string }) {
  return (
    <th scope="col" className="figure">
      {text}
    </th>
  );
}

/** An amount and its count are told or withheld together; then one cell says why. */
function RedeemedCells({ row: { cell, redeemed }, table }: { readonly row: Row; readonly table: string }) {
  if (redeemed === undefined) return <td colSpan={2} />;
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
      <td className="figure" colSpan={2}>
        {number('amount')}
      </td>
    );
  return (
    <>
      <td className="figure">{number('amount')}</td>
      <td className="figure">{number('count')}</td>
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
    <tr className="rest">
      <th scope="row">{words.rest}</th>
      {redeemed !== undefined && (
        <>
          <td className="figure">{rest && <Plain value={rest.amountMinor} unit="minor" />}</td>
          <td className="figure">{rest && <Plain value={rest.count} unit="count" />}</td>
        </>
      )}
      {claimed !== undefined && (
        <td className="figure">{claimedRest && <Plain value={claimedRest.count} unit="count" />}</td>
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
    <tfoot>
      <tr>
        <th scope="row">{words.total}</th>
        {redeemed !== undefined &&
          (['amount', 'count'] as const).map((column) => (
            <td key={column} className="figure">
              <FigureNumber
                told={redeemed.total[column]}
                unit={column === 'amount' ? 'minor' : 'count'}
                path={pathOf.tableTotal(redeemed.name, column)}
              />
            </td>
          ))}
        {claimed !== undefined && (
          <td className="figure">
            <FigureNumber told={claimed.total.count} unit="count" path={pathOf.tableTotal(claimed.name, 'count')} />
          </td>
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
