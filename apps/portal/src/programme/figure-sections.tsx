import { MONEY_STATE_KEYS, type FigureKey } from '@aidtrail/figures';
import { useCallback, type ReactNode } from 'react';
import { formatCount } from '../language/amounts.js';
import { formatDay } from '../language/days.js';
import { useLanguage, useWords } from '../language/language.js';
import { readSettings } from '../shell/server.js';
import { useAnswer } from '../shell/use-answer.js';
import { DimensionTable, tablesBy } from './dimension-table.js';
import { How, useShowing } from './figure-number.js';
import { howWords } from './how.words.js';
import { MoneySection, TotalList } from './money-section.js';
import { programmeWords } from './programme.words.js';
import type { ShownTotal } from './read-figures.js';
import { SettlementSection } from './settlement-section.js';
import { TimeSection } from './time-section.js';
import { DISCLOSED, FIGURES } from './use-live-figures.js';

const MONEY: ReadonlySet<string> = new Set<FigureKey>([...MONEY_STATE_KEYS, 'receivedMinor']);
const CONTROL: ReadonlySet<string> = new Set<FigureKey>([
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

type Section = 'money' | 'counts' | 'time' | 'settlements' | 'control' | 'privacy' | 'corrections' | 'check' | 'data';
const TABLES = ['county', 'campaign', 'phase', 'category', 'merchant'] as const;
type TableName = (typeof TABLES)[number];

/** All figures of a publication, part by part. `children`: how they are checked. */
export function FigureSections({
  children,
  hasDisclosed,
}: {
  readonly children: ReactNode;
  readonly hasDisclosed: boolean;
}) {
  const words = useWords(programmeWords);
  const { figures } = useShowing();
  const tables = TABLES.filter((name) => tablesBy(name, figures).length > 0);
  const isL2There = tables.some((name) => name === 'category' || name === 'merchant');
  const of = (isWanted: (total: ShownTotal) => boolean): readonly ShownTotal[] => figures.totals.filter(isWanted);
  const names: readonly (Section | TableName)[] = [
    'money',
    'counts',
    'time',
    ...tables,
    'settlements',
    'control',
    'privacy',
    'corrections',
    'check',
    'data',
  ];
  return (
    <>
      <nav className="page contents" aria-label={words.contents}>
        <ul className="plain">
          {names.map((name) => (
            <li key={name}>
              <a href={`#/programme/${name}`}>{words.sections[name]}</a>
            </li>
          ))}
        </ul>
      </nav>
      <Part name="money">
        <MoneySection />
      </Part>
      <Part name="counts">
        <TotalList totals={of(({ key }) => !MONEY.has(key) && !CONTROL.has(key))} />
      </Part>
      <Part name="time">
        <TimeSection />
      </Part>
      {tables.map((name) => (
        <Part key={name} name={name}>
          <DimensionTable dimension={name} />
        </Part>
      ))}
      <section className="page why">
        {!isL2There && <p className="notice notice-quiet">{words.disclosedNone}</p>}
        <Why />
      </section>
      <Part name="settlements">
        <SettlementSection />
      </Part>
      <Part name="control">
        <TotalList totals={of(({ key }) => CONTROL.has(key))} />
      </Part>
      <Part name="privacy">
        <Privacy />
      </Part>
      <Part name="corrections">
        <Corrections />
      </Part>
      <Part name="check">{children}</Part>
      <Part name="data">
        <Data hasDisclosed={hasDisclosed} />
      </Part>
    </>
  );
}

function Part({ children, name }: { readonly name: Section | TableName; readonly children: ReactNode }) {
  const { sections } = useWords(programmeWords);
  return (
    <section className="page part" id={`part-${name}`} tabIndex={-1} aria-labelledby={`part-${name}-title`}>
      <h2 id={`part-${name}-title`}>{sections[name]}</h2>
      {children}
    </section>
  );
}

/** Why there is no number where there is none. */
function Why() {
  const { why } = useWords(programmeWords);
  const { figures } = useShowing();
  return (
    <details className="how">
      <summary>{why.title}</summary>
      <div>
        <p>{why.k(figures.k)}</p>
        <p>{why.complement}</p>
        <p>{why.dominance(String(figures.dominancePercent))}</p>
        <p>{why.differencing}</p>
        <p>{why.rest}</p>
      </div>
    </details>
  );
}

function Privacy() {
  const words = useWords(programmeWords);
  const how = useWords(howWords);
  const { level, redemptions, singledOut } = useShowing().figures.privacy;
  const isTold = 'value' in redemptions && 'value' in singledOut;
  return (
    <>
      <p className="measure">
        {isTold
          ? words.privacyText(formatCount(redemptions.value), formatCount(singledOut.value))
          : words.privacyWithheld}
      </p>
      <How level={level} name={words.sections.privacy}>
        <p>{how.privacy}</p>
      </How>
    </>
  );
}

function Corrections() {
  const words = useWords(programmeWords);
  const { language } = useLanguage();
  const { corrections } = useShowing().figures;
  if (corrections.length === 0) return <p>{words.noCorrections}</p>;
  return (
    <ul className="plain corrections">
      {corrections.map((one) => (
        <li key={one.index}>
          <p>{one[language]}</p>
          <small>
            {formatDay(one.day, language)} · {words.period(one.period)} · {words.leaf(formatCount(one.index))}
          </small>
        </li>
      ))}
    </ul>
  );
}

/** The documents themselves, byte by byte as their digests stand in the log. */
function Data({ hasDisclosed }: { readonly hasDisclosed: boolean }) {
  const words = useWords(programmeWords);
  const { answer } = useAnswer(
    useCallback(async () => ({ kind: 'answered' as const, value: await readSettings() }), []),
  );
  const api = answer?.kind === 'answered' ? answer.value.api : undefined;
  return (
    <>
      <p className="measure">
        {words.dataText} <a href="#/data">{words.dataLink}</a>
      </p>
      {api !== undefined && (
        <p className="ways-on">
          <a href={new URL(FIGURES, api).href} download="figures.json">
            {words.json}
          </a>
          {hasDisclosed && (
            <a href={new URL(DISCLOSED, api).href} download="disclosed-figures.json">
              {words.jsonDisclosed}
            </a>
          )}
        </p>
      )}
    </>
  );
}
