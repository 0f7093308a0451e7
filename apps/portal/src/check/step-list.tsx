import { useWords } from '../language/language.js';
import { readTerms } from '../shell/server.js';
import { useAnswer } from '../shell/use-answer.js';
import { checkWords, stepWords } from './check.words.js';
import { verdictOf, verdictOfAll, type Step } from './step.js';
import { verdictWords } from './verdict-words.js';

const SIGNS = { good: '✓', bad: '✕', open: '!' } as const;

/** The steps of a check as they come, each in a sentence, with its technical detail one tap away. */
export function StepList({ steps, isDone }: { readonly steps: readonly Step[]; readonly isDone: boolean }) {
  const words = useWords(checkWords);
  const all = verdictOfAll(steps);
  return (
    <div className="check-result">
      <div role="status" aria-live="polite">
        {isDone ? (
          <div className={`verdict verdict-${all}`} data-verdict={all}>
            <span className="sign" aria-hidden="true">
              {SIGNS[all]}
            </span>
            <div>
              <Verdict steps={steps} />
            </div>
          </div>
        ) : (
          <p className="loading">{words.checking}</p>
        )}
      </div>
      <ol className="plain check-steps">
        {steps.map((one) => (
          <StepItem key={one.kind} step={one} />
        ))}
      </ol>
    </div>
  );
}

/** First what holds, then, by itself, what is missing. */
function Verdict({ steps }: { readonly steps: readonly Step[] }) {
  const words = useWords(checkWords);
  const { answer } = useAnswer(readTerms);
  const isDemo = answer?.kind === 'answered' && answer.value.demo;
  const { title, texts } = verdictWords({ steps, isDemo }, words);
  return (
    <>
      <p className="verdict-title">{title}</p>
      {texts.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </>
  );
}

function StepItem({ step }: { readonly step: Step }) {
  const all = useWords(stepWords);
  const { verdicts, details } = useWords(checkWords);
  const verdict = verdictOf(step);
  const words = all[step.kind] as Readonly<Record<string, string>>;
  return (
    <li className={`check-step check-${verdict}`} data-step={step.kind} data-outcome={step.outcome}>
      <span className="sign" aria-hidden="true">
        {SIGNS[verdict]}
      </span>
      <div>
        <h3>
          {words['title']} <span className="visually-hidden">{verdicts[verdict]}</span>
        </h3>
        <p>{words[step.outcome]}</p>
        {step.details.length > 0 && (
          <details>
            <summary>{details}</summary>
            <dl className="detail">
              {step.details.map(([name, value], i) => (
                <div key={`${name}-${i}`}>
                  {name !== '' && <dt>{name}</dt>}
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </div>
    </li>
  );
}
