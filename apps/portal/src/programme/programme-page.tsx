import { useEffect, useMemo } from 'react';
import { CheckPanel } from '../check/check-panel.js';
import { WitnessList } from '../check/witness-list.js';
import { useWords } from '../language/language.js';
import { Failure, OldAnswer } from '../shell/notices.js';
import { useTitle } from '../shell/use-title.js';
import { FigureSections } from './figure-sections.js';
import { ShowingContext } from './figure-number.js';
import { programmeWords } from './programme.words.js';
import { StreamLine } from './stream-line.js';
import { useLiveFigures, type Published } from './use-live-figures.js';

export default function ProgrammePage({ section }: { readonly section: string | undefined }) {
  const words = useWords(programmeWords);
  useTitle(words.title);
  const { again, answer, changed, stream } = useLiveFigures();
  const isThere = answer?.kind === 'answered';
  useSection(section, isThere);
  return (
    <>
      <section className="page-head">
        <div className="inner">
          <h1>{words.title}</h1>
          <p className="lead">{words.lead}</p>
          <StreamLine
            stream={stream}
            changed={changed.size}
            asOf={isThere ? answer.value.figures : undefined}
            isOld={isThere && answer.old !== undefined}
          />
        </div>
      </section>
      {isThere && answer.old !== undefined && (
        <section className="page">
          <OldAnswer from={answer.old.from} />
        </section>
      )}
      {isThere && <ShownProgramme published={answer.value} changed={changed} />}
      {answer === undefined && <Skeleton />}
      {answer?.kind === 'not_found' && (
        <section className="page">
          <div className="notice notice-quiet">
            <h2 className="small">{words.none.title}</h2>
            <p>{words.none.text}</p>
          </div>
          <WitnessList />
        </section>
      )}
      {answer !== undefined && answer.kind !== 'answered' && answer.kind !== 'not_found' && (
        <section className="page">
          <Failure kind={answer.kind} again={again} />
        </section>
      )}
    </>
  );
}

/** The parts of a page have addresses of their own, which can be handed on. */
function useSection(section: string | undefined, isThere: boolean): void {
  useEffect(() => {
    if (section === undefined || !isThere) return;
    const part = document.getElementById(`part-${section}`);
    part?.scrollIntoView();
    part?.focus();
  }, [section, isThere]);
}

/** Grey places where numbers will stand, so that nothing moves when they come. */
function Skeleton() {
  const words = useWords(programmeWords);
  return (
    <section className="page" aria-busy="true">
      <h2>{words.sections.money}</h2>
      <dl className="headline">
        {(['in', 'out', 'left'] as const).map((part) => (
          <div key={part}>
            <dt>{words.headline[part]}</dt>
            <dd>
              <span className="number awaited" aria-hidden="true">
                ¥000,000.00
              </span>
              <small>{words.headlineText[part]}</small>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function ShownProgramme({
  changed,
  published,
}: {
  readonly published: Published;
  readonly changed: ReadonlySet<string>;
}) {
  const words = useWords(programmeWords);
  const { figures, text } = published;
  const showing = useMemo(() => ({ figures, changed }), [figures, changed]);
  const claim = useMemo(() => ({ document: text, treeSize: figures.treeSize }), [text, figures.treeSize]);
  return (
    <ShowingContext value={showing}>
      <FigureSections hasDisclosed={published.hasDisclosed}>
        <p className="measure">{words.check}</p>
        <CheckPanel key={figures.treeSize} claim={claim} />
        <WitnessList key={`witnesses of ${figures.treeSize}`} />
      </FigureSections>
    </ShowingContext>
  );
}
