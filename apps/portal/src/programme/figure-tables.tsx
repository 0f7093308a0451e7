import { MONEY_STATE_KEYS } from '@aidtrail/figures';
import { saveText } from '../check/save-text.js';
import { formatAmount, formatCount, withCurrency } from '../language/amounts.js';
import { wordFor } from '../language/codes.js';
import { formatDay } from '../language/days.js';
import { useLanguage, useWords } from '../language/language.js';
import { csvOf } from './csv.js';
import { programmeWords, wordOf } from './programme.words.js';
import type { ShownFigures, ShownTable, Told } from './read-figures.js';

type Props = { readonly figures: ShownFigures };

const MONEY: ReadonlySet<string> = new Set(MONEY_STATE_KEYS);
const CONTROL: ReadonlySet<string> = new Set([
  'reversedCount',
  'reversedMinor',
  'assistedClaimCount',
  'assistedRedemptionCount',
  'heldSettlementCount',
  'disputedSettlementCount',
  'returnedPaymentCount',
  'suspendedMerchantCount',
  'revokedKeyCount',
  'correctionCount',
  'erasureCount',
]);

/** The whole ledger: where its money is, what was done with it, and what went wrong. */
export function Totals({ figures }: Props) {
  const words = useWords(programmeWords);
  const { language } = useLanguage();
  const others = figures.totals.filter(({ key }) => key !== 'receivedMinor' && !MONEY.has(key) && !CONTROL.has(key));
  return (
    <>
      <section className="page">
        <p className="eyebrow">{words.asOf(formatDay(figures.day, language), formatCount(figures.treeSize))}</p>
        <h2>{words.money}</h2>
        <TotalList figures={figures} totals={figures.totals.filter(({ key }) => key === 'receivedMinor')} />
        <p className="help">{words.moneyText}</p>
        <TotalList figures={figures} totals={figures.totals.filter(({ key }) => MONEY.has(key))} />
      </section>
      <section className="page">
        <h2>{words.counts}</h2>
        <TotalList figures={figures} totals={others} />
      </section>
      <section className="page">
        <h2>{words.control}</h2>
        <TotalList figures={figures} totals={figures.totals.filter(({ key }) => CONTROL.has(key))} />
      </section>
    </>
  );
}

function TotalList({ figures, totals }: Props & { readonly totals: ShownFigures['totals'] }) {
  const words = useWords(programmeWords);
  return (
    <dl className="summary">
      {totals.map(({ key, level, told, unit }) => (
        <div key={key}>
          <dt>{wordOf(words.totals, key)}</dt>
          <dd>
            <Number figures={figures} told={told} isMoney={unit === 'minor'} />
            <small className="level">{wordOf(words.level, level)}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Number({ figures, told, isMoney }: Props & { readonly told: Told; readonly isMoney: boolean }) {
  const words = useWords(programmeWords);
  if ('suppressed' in told) return <span className="withheld">{words.withheld(figures.k)}</span>;
  return <>{isMoney ? withCurrency(told.value, figures.currency) : formatCount(told.value)}</>;
}

export function FigureTables({ figures }: Props) {
  return figures.tables.map((table) => <FigureTable key={table.name} figures={figures} table={table} />);
}

function FigureTable({ figures, table }: Props & { readonly table: ShownTable }) {
  const words = useWords(programmeWords);
  const { language } = useLanguage();
  const title = `${wordOf(words.measures, table.measure)} ${wordOf(words.dimensions, table.dimension)}`;
  const hasMoney = table.measure !== 'claimed';
  const nameOf = (cell: string, label: string | undefined) => label ?? wordFor(cell, language);
  const textOf = (told: Told, asText: (value: number) => string) =>
    'suppressed' in told ? words.withheld(figures.k) : asText(told.value);
  const save = (): void => {
    const rows = table.cells.map(({ amount, cell, count, label }) => [
      cell,
      label ?? '',
      textOf(count, String),
      textOf(amount, formatAmount),
    ]);
    saveText(`${table.name}.csv`, csvOf([['cell', 'label', 'count', 'amount'], ...rows]));
  };
  return (
    <section className="page">
      <h2>{title}</h2>
      <table className="fates">
        <caption>{wordOf(words.level, table.level)}</caption>
        <thead>
          <tr>
            <th scope="col">{words.columns.name}</th>
            <th scope="col" className="figure">
              {words.columns.count}
            </th>
            {hasMoney && (
              <th scope="col" className="figure">
                {words.columns.amount}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {table.cells.map(({ amount, cell, count, label }) => (
            <tr key={cell}>
              <th scope="row">{nameOf(cell, label)}</th>
              <td className="figure">
                <Number figures={figures} told={count} isMoney={false} />
              </td>
              {hasMoney && (
                <td className="figure">
                  <Number figures={figures} told={amount} isMoney />
                </td>
              )}
            </tr>
          ))}
          {table.notToldApart !== undefined && table.notToldApart.count > 0 && (
            <tr>
              <th scope="row">{words.rest}</th>
              <td className="figure">{formatCount(table.notToldApart.count)}</td>
              {hasMoney && <td className="figure">{withCurrency(table.notToldApart.amountMinor, figures.currency)}</td>}
            </tr>
          )}
        </tbody>
      </table>
      <p className="buttons after-table">
        <button type="button" className="button-quiet" onClick={save}>
          {words.csv}
        </button>
      </p>
    </section>
  );
}

export function SettlementTable({ figures }: Props) {
  const words = useWords(programmeWords);
  return (
    <ul className="plain amounts">
      {figures.settlements.map(({ count, net, status }) => (
        <li key={status}>
          <span>
            {wordOf(words.statuses, status)} × <Number figures={figures} told={count} isMoney={false} />
          </span>
          <span className="figure">
            <Number figures={figures} told={net} isMoney />
          </span>
        </li>
      ))}
    </ul>
  );
}
