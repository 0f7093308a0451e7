import { thousandths, withCurrency } from '../language/amounts.js';
import { formatMonth } from '../language/days.js';
import { useLanguage, useWords } from '../language/language.js';
import { DimensionTable, tablesBy } from './dimension-table.js';
import { useShowing } from './figure-number.js';
import { programmeWords } from './programme.words.js';
import { monthsOf, type Month } from './time-line.js';

/** Month by month: columns for the eye, and the same in a table. */
export function TimeSection() {
  const words = useWords(programmeWords);
  const { figures } = useShowing();
  const { language } = useLanguage();
  const redeemed = tablesBy('month', figures).find(({ measure }) => measure === 'redeemed');
  const months = monthsOf(redeemed?.cells ?? []);
  const amountOf = ({ cell }: Month): number => (cell !== undefined && 'value' in cell.amount ? cell.amount.value : 0);
  const most = Math.max(1, ...months.map(amountOf));
  const sentence = months
    .map((month) => `${formatMonth(month.month, language)} ${withCurrency(amountOf(month), figures.currency)}`)
    .join('；');
  return (
    <>
      {months.length > 1 && (
        <figure className="picture">
          <div className="columns" role="img" aria-label={words.timeLabel(sentence)}>
            {months.map((month) => (
              <div key={month.month} className="column">
                <svg viewBox="0 0 10 1000" preserveAspectRatio="none" aria-hidden="true">
                  <Column month={month} height={thousandths(amountOf(month), most)} />
                </svg>
                <span>{formatMonth(month.month, language, true)}</span>
              </div>
            ))}
          </div>
          <figcaption>{words.timeCaption}</figcaption>
        </figure>
      )}
      <DimensionTable dimension="month" />
    </>
  );
}

/** A month that is not told has an outline that says nothing of its height. */
function Column({ height, month: { cell } }: { readonly month: Month; readonly height: number }) {
  if (cell !== undefined && 'suppressed' in cell.amount)
    return <rect className="column-withheld" x="0" width="10" y="800" height="200" />;
  return <rect x="0" width="10" y={1_000 - height} height={height} />;
}
