import { useCallback } from 'react';
import { formatCount } from '../language/amounts.js';
import { useLanguage, useWords } from '../language/language.js';
import { Failure, Loading, OldAnswer } from '../shell/notices.js';
import { askApi } from '../shell/server.js';
import { listOf, recordOf, textOf, wholeOf } from '../shell/shapes.js';
import { useAnswer } from '../shell/use-answer.js';
import { witnessWords } from './witnesses.words.js';

const states = ['current', 'waiting', 'failing', 'not_asked'] as const;

interface Witness {
  readonly name: string;
  readonly state: (typeof states)[number];
  readonly cosignedAt: string | undefined;
  readonly isIndependent: boolean;
}

interface Status {
  readonly publishedSize: number;
  readonly witnessedSize: number | undefined;
  readonly witnesses: readonly Witness[];
}

function readWitness(value: unknown): Witness | undefined {
  const one = recordOf(value);
  const name = textOf(one?.['name']);
  const state = states.find((known) => known === one?.['state']);
  if (name === undefined || state === undefined) return undefined;
  return { name, state, cosignedAt: textOf(one?.['cosignedAt']), isIndependent: one?.['independent'] !== false };
}

function readStatus(value: unknown): Status | undefined {
  const answer = recordOf(value);
  const publishedSize = wholeOf(answer?.['publishedSize']);
  const witnesses = listOf(answer?.['witnesses'], readWitness);
  if (publishedSize === undefined || witnesses === undefined) return undefined;
  return { publishedSize, witnesses, witnessedSize: wholeOf(answer?.['witnessedSize']) };
}

/** How far the log is published and witnessed, as the server says; the check above believes none of it. */
export function WitnessList() {
  const words = useWords(witnessWords);
  const { language } = useLanguage();
  const { answer, again } = useAnswer(useCallback(() => askApi('log/status', readStatus), []));
  if (answer === undefined) return <Loading />;
  if (answer.kind === 'not_found') return null;
  if (answer.kind !== 'answered') return <Failure kind={answer.kind} again={again} />;
  const { publishedSize, witnessedSize, witnesses } = answer.value;
  const witnessed = witnessedSize === undefined ? words.unwitnessed : words.witnessed(formatCount(witnessedSize));
  return (
    <div className="witnesses">
      <h2 className="small">{words.title}</h2>
      {answer.old !== undefined && <OldAnswer from={answer.old.from} />}
      <p>
        {words.published(formatCount(publishedSize))}
        {witnesses.length > 0 && `${language === 'zh' ? '，' : '; '}${witnessed}`}
        {language === 'zh' ? '。' : '.'}
      </p>
      {witnesses.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <ul className="plain witness-list">
          {witnesses.map(({ name, state, cosignedAt, isIndependent }) => (
            <li key={name}>
              <span className={`dot witness-${state}`} aria-hidden="true" />
              <span>
                <strong>{name}</strong> {words.states[state]}
                {(cosignedAt !== undefined || !isIndependent) && (
                  <small>
                    {[cosignedAt && words.at(shortTime(cosignedAt)), isIndependent ? undefined : words.same]
                      .filter(Boolean)
                      .join(' · ')}
                  </small>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** By the witness's clock, in UTC: this device's clock and zone may be off. */
function shortTime(iso: string): string {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(iso) ?? [];
  return day === undefined || time === undefined ? iso : `${day} ${time} UTC`;
}
