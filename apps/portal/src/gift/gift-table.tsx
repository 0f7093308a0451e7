import { useWords } from '../language/language.js';
import { giftWords } from './gift.words.js';
import type { Money, NameOf } from './names.js';
import type { Way, Ways } from './ways.js';

interface Row {
  readonly way: Way;
  readonly depth: number;
}

/** Every way in its place under the one that it is a part of; only ends are counted, so that the column adds up. */
export function GiftTable({
  ways,
  nameOf,
  money,
}: {
  readonly ways: Ways;
  readonly nameOf: NameOf;
  readonly money: Money;
}) {
  const words = useWords(giftWords);
  const rows = ways.root.parts.flatMap((way) => rowsOf(way, 0));
  return (
    <>
      <table className="fates">
        <caption>{words.tableCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.where}</th>
            <th scope="col" className="figure">
              {words.amount}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ way, depth }) => (
            <tr key={way.key} className={way.parts.length > 0 ? 'group' : undefined}>
              <th scope="row" className={`depth-${depth}`}>
                {nameOf(way)}
              </th>
              <td className="figure">{way.parts.length > 0 ? '' : money(way.amountMinor)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{words.total}</th>
            <td className="figure">{money(ways.sumMinor)}</td>
          </tr>
        </tfoot>
      </table>
      <p className={ways.addsUp ? 'sum sum-good' : 'sum sum-bad'}>
        {ways.addsUp
          ? words.adds(money(ways.sumMinor))
          : words.differs(money(ways.sumMinor), money(ways.root.amountMinor))}
      </p>
    </>
  );
}

/** What was redeemed is told at its ends: paid, or not yet. */
function rowsOf(way: Way, depth: number): readonly Row[] {
  if (way.kind === 'redeemed') return way.parts.flatMap((part) => rowsOf(part, depth));
  return [{ way, depth }, ...way.parts.flatMap((part) => rowsOf(part, depth + 1))];
}
