import { lazy, Suspense, useCallback, useMemo, type ReactNode } from 'react';
import { CheckPanel } from '../check/check-panel.js';
import { withCurrency } from '../language/amounts.js';
import { useLanguage, useWords } from '../language/language.js';
import { formatDay } from '../language/days.js';
import { TraceForm } from '../shell/home-page.js';
import { Failure, Loading } from '../shell/notices.js';
import { useTitle } from '../shell/use-title.js';
import { giftWords } from './gift.words.js';
import { GiftSteps } from './gift-steps.js';
import { GiftTable } from './gift-table.js';
import { LiveLine } from './live-line.js';
import { namerOf } from './names.js';
import { summarise } from './summary.js';
import { SummaryBar } from './summary-bar.js';
import { useLiveGift, type Gift } from './use-live-gift.js';
import { waysOf } from './ways.js';

const GiftPicture = lazy(() => import('./gift-picture.js'));

export default function GiftPage({ traceCode }: { readonly traceCode: string }) {
  const words = useWords(giftWords);
  useTitle(words.title);
  const { again, isChanged, kept, stream } = useLiveGift(traceCode);
  if (kept === undefined) return <Loading />;
  const { answer } = kept;
  if (answer.kind === 'answered')
    return (
      <ShownGift {...answer.value}>
        <LiveLine kept={kept} stream={stream} isChanged={isChanged} />
      </ShownGift>
    );
  return (
    <section className="page narrow">
      {answer.kind === 'not_found' ? (
        <div role="alert">
          <h1>{words.unknownCode.title}</h1>
          <p>{words.unknownCode.text}</p>
        </div>
      ) : (
        <>
          <h1>{words.title}</h1>
          {answer.kind === 'erased' ? (
            <p className="notice notice-open">{words.erased}</p>
          ) : (
            <Failure kind={answer.kind} again={again} />
          )}
        </>
      )}
      <TraceForm />
    </section>
  );
}

function ShownGift({ trace, campaigns, children, currency }: Gift & { readonly children: ReactNode }) {
  const words = useWords(giftWords);
  const { language } = useLanguage();
  const ways = useMemo(() => waysOf(trace), [trace]);
  const summary = useMemo(() => summarise(ways.root), [ways]);
  const money = useCallback((minor: number | bigint) => withCurrency(minor, currency), [currency]);
  const nameOf = useMemo(() => namerOf(words, campaigns), [words, campaigns]);
  const sentence = summary.map(({ amountMinor, kind }) => `${words.summary[kind]} ${money(amountMinor)}`).join('；');
  const claim = {
    grossMinor: trace.grossMinor,
    feeMinor: trace.feeMinor,
    addsUp: ways.addsUp,
    leafIndex: trace.evidence?.leafIndex,
    disclosures: trace.evidence?.disclosures ?? [],
  };
  return (
    <>
      <section className="gift-head">
        <div className="inner">
          <p className="eyebrow">{words.eyebrow(formatDay(trace.day, language))}</p>
          <h1 className="figure">{money(trace.grossMinor)}</h1>
          <h2 className="visually-hidden">{words.now}</h2>
          <SummaryBar summary={summary} grossMinor={trace.grossMinor} money={money} />
          {children}
          {!ways.addsUp && (
            <p className="notice notice-bad" role="alert">
              {words.differs(money(ways.sumMinor), money(trace.grossMinor))}
            </p>
          )}
        </div>
      </section>
      <section className="page">
        <h2>{words.way}</h2>
        <GiftSteps trace={trace} ways={ways} campaigns={campaigns} money={money} />
      </section>
      <section className="page">
        <h2>{words.picture}</h2>
        <figure className="picture">
          <Suspense fallback={<Loading />}>
            <GiftPicture root={ways.root} nameOf={nameOf} money={money} label={words.pictureLabel(sentence)} />
          </Suspense>
          <figcaption>{words.pictureCaption}</figcaption>
        </figure>
      </section>
      <section className="page">
        <h2>{words.table}</h2>
        <GiftTable ways={ways} nameOf={nameOf} money={money} />
      </section>
      <section className="page" id="check">
        <h2>{words.check.title}</h2>
        <p className="measure">{words.check.text}</p>
        {/* What was checked of another answer says nothing about this one. */}
        <CheckPanel key={JSON.stringify(claim)} claim={claim} />
        <p className="ways-on">
          <a href="#/">{words.another}</a>
        </p>
      </section>
    </>
  );
}
