import type { ReactNode } from 'react';
import { useWords } from '../language/language.js';
import { pathOf } from './changes.js';
import { FigureNumber, How, useShowing } from './figure-number.js';
import { howWords } from './how.words.js';
import { programmeWords, wordOf } from './programme.words.js';
import type { ShownSettlement } from './read-figures.js';

type Settled = Pick<ShownSettlement, 'count' | 'net'> & { readonly key: string; readonly name: string };

/** In what state the merchants' settlements are, and how long what is not paid has been waiting. */
export function SettlementSection() {
  const words = useWords(programmeWords);
  const how = useWords(howWords);
  const { ageing, byStatus, level } = useShowing().figures.settlements;
  const ages = ageing.map(({ fromDays, toDays, ...settled }) => ({
    ...settled,
    key: String(fromDays),
    name: words.days(fromDays, toDays),
  }));
  return (
    <>
      <SettledTable
        group="status"
        caption={words.sections.settlements}
        head={words.settlementColumns.status}
        rows={byStatus.map((one) => ({ ...one, key: one.status, name: wordOf(words.statuses, one.status) }))}
      />
      <Under>
        <How level={level} name={words.sections.settlements}>
          <p>{how.settlements}</p>
        </How>
      </Under>
      <h3 className="after-table">{words.ageing}</h3>
      {ages.length === 0 ? (
        <p>{words.noAgeing}</p>
      ) : (
        <>
          <SettledTable group="age" caption={words.ageing} head={words.settlementColumns.age} rows={ages} />
          <Under>
            <How level={level} name={words.ageing}>
              <p>{how.ageing}</p>
            </How>
          </Under>
        </>
      )}
    </>
  );
}

function Under({ children }: { readonly children: ReactNode }) {
  return <div className="under-table">{children}</div>;
}

function SettledTable(of: {
  readonly group: string;
  readonly caption: string;
  readonly head: string;
  readonly rows: readonly Settled[];
}) {
  const { settlementColumns: columns } = useWords(programmeWords);
  return (
    <table className="fates figures">
      <caption className="visually-hidden">{of.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{of.head}</th>
          <th scope="col" className="figure">
            {columns.count}
          </th>
          <th scope="col" className="figure">
            {columns.net}
          </th>
        </tr>
      </thead>
      <tbody>
        {of.rows.map(({ count, key, name, net }) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            {'suppressed' in count ? (
              <td className="figure" colSpan={2}>
                <FigureNumber told={count} unit="count" path="" />
              </td>
            ) : (
              <>
                <td className="figure">
                  <FigureNumber told={count} unit="count" path={pathOf.settled(of.group, key, 'count')} />
                </td>
                <td className="figure">
                  <FigureNumber told={net} unit="minor" path={pathOf.settled(of.group, key, 'net')} />
                </td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
