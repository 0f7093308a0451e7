import { lazy, Suspense, useCallback, useMemo } from 'react';
import { CheckPanel } from '../check/check-panel.js';
import { withCurrency } from '../language/amounts.js';
import { useLanguage, useWords } from '../language/language.js';
import { formatDay } from '../language/days.js';
import { TraceForm } from '../shell/home-page.js';
import { Failure, Loading } from '../shell/notices.js';
import { askApi, readTerms, type Answer } from '../shell/server.js';
import { useAnswer } from '../shell/use-answer.js';
import { useTitle } from '../shell/use-title.js';
import { readCampaigns, type Campaign } from './campaigns.js';
import { giftWords } from './gift.words.js';
import { GiftSteps } from './gift-steps.js';
import { GiftTable } from './gift-table.js';
import { namerOf } from './names.js';
import { summarise } from './summary.js';
import { SummaryBar } from './summary-bar.js';
import { readTrace, type GiftTrace } from './trace.js';
import { waysOf } from './ways.js';

const GiftPicture = lazy(() => import('./gift-picture.js'));

interface Gift {
  readonly trace: GiftTrace;
  readonly campaigns: ReadonlyMap<string, Campaign>;
  readonly currency: string;
}

async function askGift(traceCode: string): Promise<Answer<Gift>> {
  const [answer, terms] = await Promise.all([
    askApi('traces', readTrace, { traceCode: traceCode.slice(0, 200) }),
    readTerms(),
  ]);
  if (answer.kind !== 'answered') return answer;
  const trace = answer.value;
  const campaigns = await readCampaigns(trace.batches.map(({ campaign }) => campaign));
  const currency = terms.kind === 'answered' ? terms.value.currency : 'CNY';
  return { kind: 'answered', value: { trace, campaigns, currency } };
}

export default function GiftPage({ traceCode }: { readonly traceCode: string }) {
  const words = useWords(giftWords);
  useTitle(words.title);
  const { answer, again } = useAnswer(useCallback(() => askGift(traceCode), [traceCode]));
  if (answer === undefined) return <Loading />;
  if (answer.kind === 'answered') return <ShownGift {...answer.value} />;
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

function ShownGift({ trace, campaigns, currency }: Gift) {
  const words = useWords(giftWords);
  const { language } = useLanguage();
  const ways = useMemo(() => waysOf(trace), [trace]);
  const summary = useMemo(() => summarise(ways.root), [ways]);
  const money = useCallback((minor: number | bigint) => withCurrency(minor, currency), [currency]);
  const nameOf = useMemo(() => namerOf(words, campaigns), [words, campaigns]);
  const sentence = summary.map(({ amountMinor, kind }) => `${words.summary[kind]} ${money(amountMinor)}`).join('；');
  return (
    <>
      <section className="gift-head">
        <div className="inner">
          <p className="eyebrow">{words.eyebrow(formatDay(trace.day, language))}</p>
          <h1 className="figure">{money(trace.grossMinor)}</h1>
          <h2 className="visually-hidden">{words.now}</h2>
          <SummaryBar summary={summary} grossMinor={trace.grossMinor} money={money} />
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
        <CheckPanel
          claim={{
            grossMinor: trace.grossMinor,
            feeMinor: trace.feeMinor,
            addsUp: ways.addsUp,
            leafIndex: trace.evidence?.leafIndex,
            disclosures: trace.evidence?.disclosures ?? [],
          }}
        />
        <p className="ways-on">
          <a href="#/">{words.another}</a>
        </p>
      </section>
    </>
  );
}
