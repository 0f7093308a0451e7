import { useCallback, useEffect } from 'react';
import { WitnessList } from '../check/witness-list.js';
import { formatCount } from '../language/amounts.js';
import { formatDay } from '../language/days.js';
import { useLanguage, useWords } from '../language/language.js';
import { Failure, Loading, OldAnswer } from '../shell/notices.js';
import { askApi, readSettings } from '../shell/server.js';
import { useAnswer } from '../shell/use-answer.js';
import { useTitle } from '../shell/use-title.js';
import { FigureTables, SettlementTable, Totals } from './figure-tables.js';
import { programmeWords } from './programme.words.js';
import { readFigures, type ShownFigures } from './read-figures.js';

const FIGURES = 'public/figures';

export default function ProgrammePage() {
  const words = useWords(programmeWords);
  useTitle(words.title);
  const { answer, again } = useAnswer(useCallback(() => askApi(FIGURES, readFigures), []));
  const isThere = answer?.kind === 'answered';
  useStream(isThere, again);
  return (
    <>
      <section className="page-head">
        <div className="inner">
          <h1>{words.title}</h1>
          <p className="lead">{words.lead}</p>
        </div>
      </section>
      {answer?.kind === 'answered' && answer.old !== undefined && (
        <section className="page">
          <OldAnswer from={answer.old.from} />
        </section>
      )}
      {answer?.kind === 'answered' && <ShownProgramme figures={answer.value} />}
      <section className="page">
        {answer === undefined && <Loading />}
        {answer?.kind === 'not_found' && <p className="notice notice-quiet">{words.none}</p>}
        {answer !== undefined && answer.kind !== 'answered' && answer.kind !== 'not_found' && (
          <Failure kind={answer.kind} again={again} />
        )}
        <WitnessList />
      </section>
    </>
  );
}

/** Asks again whenever the server says that figures were published. */
function useStream(isWanted: boolean, again: () => void): void {
  useEffect(() => {
    if (!isWanted) return undefined;
    let stream: EventSource | undefined;
    let isOver = false;
    void readSettings().then(({ api }) => {
      if (api === undefined || isOver) return;
      stream = new EventSource(new URL('public/stream', api));
      stream.addEventListener('message', again);
      stream.addEventListener('figures', again);
    });
    return () => {
      isOver = true;
      stream?.close();
    };
  }, [isWanted, again]);
}

function ShownProgramme({ figures }: { readonly figures: ShownFigures }) {
  const words = useWords(programmeWords);
  const { language } = useLanguage();
  return (
    <>
      <Totals figures={figures} />
      <FigureTables figures={figures} />
      <section className="page">
        <h2>{words.settlements}</h2>
        <SettlementTable figures={figures} />
      </section>
      <section className="page">
        <h2>{words.corrections}</h2>
        {figures.corrections.length === 0 && <p>{words.noCorrections}</p>}
        <ul className="plain corrections">
          {figures.corrections.map((one) => (
            <li key={one.index}>
              <p>{one[language]}</p>
              <small>
                {formatDay(one.day, language)} · {words.leaf(formatCount(one.index))}
              </small>
            </li>
          ))}
        </ul>
        <p className="ways-on">
          <a href={FIGURES} download="figures.json">
            {words.json}
          </a>
        </p>
      </section>
    </>
  );
}
