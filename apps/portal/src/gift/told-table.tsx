import { thousandths } from '../language/amounts.js';
import { useWords } from '../language/language.js';
import { giftWords } from './gift.words.js';
import { isCoarse, withheldOf } from './told.js';
import type { GiftTrace } from './trace.js';

/** Minor units, or vouchers. */
interface Row {
  readonly name: string;
  readonly size: number;
}

/** What may be told by one thing, and how much is not: cells of too few households stand together. */
export function ToldTable({
  title,
  cells,
  rest,
  restName,
  textOf,
}: {
  readonly title: string;
  readonly cells: readonly Row[];
  readonly rest: number;
  readonly restName?: string;
  readonly textOf: (size: number) => string;
}) {
  const { told } = useWords(giftWords);
  if (cells.length === 0) return null;
  const rows = rest > 0 ? [...cells, { name: restName ?? told.rest, size: rest }] : cells;
  const most = Math.max(...rows.map(({ size }) => size));
  return (
    <>
      <h4 className="told">{title}</h4>
      <ul className="plain goods">
        {rows.map(({ name, size }) => (
          <li key={name}>
            <span>{name}</span>
            <svg className="share" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
              <rect width={Math.max(thousandths(size, most), 4)} height="10" rx="0" />
            </svg>
            <span className="figure">{textOf(size)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Once for all tables: which of them are not shown, and why what is small is not. */
export function ToldWhy({ trace }: { readonly trace: GiftTrace }) {
  const { told } = useWords(giftWords);
  if (!isCoarse(trace)) return null;
  const withheld = withheldOf(trace);
  return (
    <div className="notice notice-quiet coarse">
      {withheld.length > 0 && <p>{told.withheld(withheld.map((name) => told[name]))}</p>}
      <p>{told.why(trace.k)}</p>
    </div>
  );
}
