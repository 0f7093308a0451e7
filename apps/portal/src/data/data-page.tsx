import { FIGURE_DEFINITIONS, FIGURE_KEYS, DIMENSIONS, FIGURES_FORMAT, FIGURES_VERSION } from '@aidtrail/figures';
import { useCallback } from 'react';
import { useWords } from '../language/language.js';
import { howWords } from '../programme/how.words.js';
import { programmeWords } from '../programme/programme.words.js';
import { totalWords } from '../programme/totals.words.js';
import { readSettings } from '../shell/server.js';
import { useAnswer } from '../shell/use-answer.js';
import { useTitle } from '../shell/use-title.js';
import { dataWords } from './data.words.js';

/** Addresses below the api that anybody may ask, without an account. */
const ADDRESSES = [
  'public/figures',
  'public/figures/{cut}',
  'public/figures/disclosed',
  'public/figures.csv?table={table}',
  'public/stream',
  'events?from={index}&limit={count}',
  'log/status',
  'openapi.json',
] as const;

/** What can be asked without an account, and how each published figure is computed. */
export default function DataPage() {
  const words = useWords(dataWords);
  useTitle(words.title);
  const { answer } = useAnswer(
    useCallback(async () => ({ kind: 'answered' as const, value: await readSettings() }), []),
  );
  const settings = answer?.kind === 'answered' ? answer.value : undefined;
  const api = settings?.api?.href ?? './';
  return (
    <>
      <section className="page-head">
        <div className="inner">
          <h1>{words.title}</h1>
          <p className="lead">{words.lead}</p>
        </div>
      </section>
      <section className="page">
        <h2>{words.addresses}</h2>
        <dl className="addresses">
          {ADDRESSES.map((address) => (
            <div key={address}>
              <dt>
                <code>GET {address}</code>
              </dt>
              <dd>{words.about[address]}</dd>
            </div>
          ))}
          <div>
            <dt>
              <code>{settings?.log.href ?? 'log/'}</code>
            </dt>
            <dd>{words.log}</dd>
          </div>
        </dl>
        <pre className="command" tabIndex={0}>{`curl -s ${api}public/figures`}</pre>
      </section>
      <section className="page">
        <h2>{words.format}</h2>
        <div className="measure prose">
          <p>{words.formatText(`${FIGURES_FORMAT} v${FIGURES_VERSION}`)}</p>
          <p>{words.suppressed}</p>
          <p>{words.anchored}</p>
        </div>
      </section>
      <Definitions />
    </>
  );
}

function Definitions() {
  const words = useWords(dataWords);
  const how = useWords(howWords);
  const names = useWords(totalWords);
  const { sections } = useWords(programmeWords);
  const rows = [
    ...FIGURE_KEYS.map((key) => ({
      id: key,
      name: names[key],
      level: FIGURE_DEFINITIONS[key].level,
      how: how.totals[key],
    })),
    ...DIMENSIONS.map((dimension) => ({
      id: `…-by-${dimension}`,
      name: sections[dimension === 'month' ? 'time' : dimension],
      level: dimension === 'category' || dimension === 'merchant' ? ('L2' as const) : ('L1' as const),
      how: how.tables[dimension],
    })),
  ];
  return (
    <section className="page">
      <h2>{words.definitions}</h2>
      <p className="measure">
        {how.L1} {how.L2}
      </p>
      <dl className="addresses definitions">
        {rows.map(({ how: text, id, level, name }) => (
          <div key={id}>
            <dt>
              {name}
              <small>
                <code>{id}</code> · {level}
              </small>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
