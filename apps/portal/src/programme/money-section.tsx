import { MONEY_STATE_KEYS, type FigureKey } from '@aidtrail/figures';
import type { ReactNode } from 'react';
import { thousandths } from '../language/amounts.js';
import { useWords } from '../language/language.js';
import { FigureNumber, HeldBackSince, How, HowTotal, useShowing } from './figure-number.js';
import { howWords } from './how.words.js';
import { pathOf } from './changes.js';
import { programmeWords, wordOf } from './programme.words.js';
import type { ShownTotal, Told } from './read-figures.js';
import { totalWords } from './totals.words.js';

type MoneyState = (typeof MONEY_STATE_KEYS)[number];
type Part = 'out' | 'left';

/** What each state of the money is for somebody who asks what was used and what is left. */
const partOf: Readonly<Record<MoneyState, Part>> = {
  freeMinor: 'left',
  inTransitMinor: 'left',
  committedMinor: 'left',
  redeemedMinor: 'out',
  recoverableMinor: 'left',
  refundReservedMinor: 'left',
  refundedMinor: 'out',
  spentOnAdministrationMinor: 'out',
};

/** In the order of the bar: what went out first. */
const shades: Readonly<Record<MoneyState, string>> = {
  redeemedMinor: 'redeemed',
  spentOnAdministrationMinor: 'fee',
  refundedMinor: 'refunded',
  committedMinor: 'households',
  freeMinor: 'fund',
  inTransitMinor: 'transit',
  recoverableMinor: 'recoverable',
  refundReservedMinor: 'reserved',
};
const BAR = Object.keys(shades) as readonly MoneyState[];

const MONEY: ReadonlySet<string> = new Set<FigureKey>(MONEY_STATE_KEYS);

/** Money in, out and outstanding, and each state of it: the states are together what came in. */
export function MoneySection() {
  const words = useWords(programmeWords);
  const { figures } = useShowing();
  const states = figures.totals.filter(({ key }) => MONEY.has(key));
  const received = figures.totals.find(({ key }) => key === 'receivedMinor');
  return (
    <>
      <dl className="headline">
        {received !== undefined && (
          <Headline part="in" told={received.told} path={pathOf.total('receivedMinor')}>
            <HowTotal figureKey="receivedMinor" level={received.level} asOf={received.asOf} name={words.headline.in} />
          </Headline>
        )}
        {(['out', 'left'] as const).map((part) => (
          <DerivedHeadline key={part} part={part} states={states} />
        ))}
      </dl>
      {received !== undefined && <Bar states={states} received={received.told} />}
      <p className="help">{words.moneyText}</p>
      <TotalList totals={states} withDots />
    </>
  );
}

function DerivedHeadline({ part, states }: { readonly part: Part; readonly states: readonly ShownTotal[] }) {
  const words = useWords(programmeWords);
  const how = useWords(howWords);
  const names = useWords(totalWords);
  const parts = states.filter(({ key }) => partOf[key as MoneyState] === part);
  return (
    <Headline part={part} told={sumOf(parts.map(({ told }) => told))} path={`headline/${part}`}>
      <How level="L1" name={words.headline[part]}>
        <p>{how.derived}</p>
        <p>{parts.map(({ key }) => wordOf(names, key)).join(' + ')}</p>
      </How>
    </Headline>
  );
}

function Headline(of: {
  readonly part: Part | 'in';
  readonly told: Told;
  readonly path: string;
  readonly children: ReactNode;
}) {
  const words = useWords(programmeWords);
  return (
    <div>
      <dt>{words.headline[of.part]}</dt>
      <dd>
        <FigureNumber told={of.told} unit="minor" path={of.path} />
        <small>{words.headlineText[of.part]}</small>
        {of.children}
      </dd>
    </div>
  );
}

/** A sum is told only if all of its parts are. */
function sumOf(parts: readonly Told[]): Told {
  let value = 0;
  for (const part of parts) {
    if ('suppressed' in part) return part;
    value += part.value;
  }
  return { value };
}

function Bar({ received, states }: { readonly states: readonly ShownTotal[]; readonly received: Told }) {
  if ('suppressed' in received || states.some(({ told }) => 'suppressed' in told)) return null;
  let x = 0;
  const pieces = BAR.map((key) => {
    const told = states.find((state) => state.key === key)?.told;
    const width = told !== undefined && 'value' in told ? thousandths(told.value, received.value) : 0;
    x += width;
    return { key, width, x: x - width };
  });
  return (
    <svg className="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      {pieces.map(({ key, width, x: from }) => (
        <rect key={key} className={`part-${shades[key]}`} x={from} width={width} height="10" />
      ))}
    </svg>
  );
}

/** Figures with their names, their levels, and how each is computed. */
export function TotalList({
  totals,
  withDots = false,
}: {
  readonly totals: readonly ShownTotal[];
  readonly withDots?: boolean;
}) {
  const names = useWords(totalWords);
  return (
    <dl className="summary figures">
      {totals.map(({ asOf, key, level, told, unit }) => (
        <div key={key}>
          <dt>
            {withDots && <span className={`dot part-${shades[key as MoneyState]}`} aria-hidden="true" />}
            {wordOf(names, key)}
          </dt>
          <dd>
            <FigureNumber told={told} unit={unit} path={pathOf.total(key)} />
            <HeldBackSince asOf={asOf} />
            <HowTotal figureKey={key} level={level} asOf={asOf} name={wordOf(names, key)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
