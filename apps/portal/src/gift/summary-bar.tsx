import { thousandths } from '../language/amounts.js';
import { useWords } from '../language/language.js';
import { giftWords } from './gift.words.js';
import type { Money } from './names.js';
import type { summarise } from './summary.js';

/** What became of the gift at one glance: a bar for the eye, and the same as a list. */
export function SummaryBar({
  summary,
  grossMinor,
  money,
}: {
  readonly summary: ReturnType<typeof summarise>;
  readonly grossMinor: number;
  readonly money: Money;
}) {
  const words = useWords(giftWords);
  const shares = summary.map((part) => ({ ...part, share: thousandths(part.amountMinor, grossMinor) }));
  return (
    <>
      <svg className="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        {shares.map(({ kind, share }, i) => (
          <rect
            key={kind}
            className={`part-${kind}`}
            x={shares.slice(0, i).reduce((sum, before) => sum + before.share, 0)}
            width={share}
            height="10"
          />
        ))}
      </svg>
      <dl className="summary">
        {shares.map(({ amountMinor, kind, share }) => (
          <div key={kind}>
            <dt>
              <span className={`dot part-${kind}`} aria-hidden="true" />
              {words.summary[kind]}
            </dt>
            <dd>
              {money(amountMinor)} <small>{percent(share)}</small>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function percent(share: number): string {
  if (share === 0) return '< 0.1%';
  const digits = String(share).padStart(2, '0');
  return `${digits.slice(0, -1)}.${digits.slice(-1)}%`;
}
