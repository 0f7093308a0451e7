import { useState } from 'react';
import { useWords } from '../language/language.js';
import type { CheckOutcome } from './check-gift.js';
import { checkWords } from './check.words.js';
import { loadCheck } from './load-check.js';
import type { Claim } from './run-check.js';
import { saveText } from './save-text.js';
import type { Step } from './step.js';
import { StepList } from './step-list.js';

interface Run {
  readonly steps: readonly Step[];
  readonly outcome?: CheckOutcome;
}

/** One button; the code that verifies is loaded when it is pressed. Without a claim the log alone is checked. */
export function CheckPanel({ claim }: { readonly claim?: Claim }) {
  const words = useWords(checkWords);
  const [run, setRun] = useState<Run>();
  const [isMissing, setIsMissing] = useState(false);
  const start = async (): Promise<void> => {
    setRun({ steps: [] });
    const check = await loadCheck();
    setIsMissing(check === undefined);
    if (check === undefined) return setRun(undefined);
    const steps: Step[] = [];
    const outcome = await check.runCheck(claim, (step) => {
      steps.push(step);
      setRun({ steps: [...steps] });
    });
    setRun({ steps: [...steps], outcome });
  };
  const isRunning = run !== undefined && run.outcome === undefined;
  const receipt = run?.outcome?.receipt;
  const evidence = run && evidenceIn(run.steps);
  return (
    <div className="check-panel">
      <button type="button" className="button" disabled={isRunning} onClick={() => void start()}>
        {run === undefined ? words.start : words.again}
      </button>
      {isMissing && <NotLoaded />}
      {run !== undefined && <StepList steps={run.steps} isDone={!isRunning} />}
      {receipt !== undefined && (
        <p>
          <button type="button" className="button-quiet" onClick={() => saveText('gift.tlog-proof', receipt)}>
            {words.receipt}
          </button>{' '}
          <span className="help">{words.receiptHelp}</span>
        </p>
      )}
      {evidence !== undefined && (
        <p>
          <button type="button" className="button-quiet" onClick={() => saveText('evidence.txt', evidence)}>
            {words.evidence}
          </button>
        </p>
      )}
    </div>
  );
}

export function NotLoaded() {
  const { notLoaded } = useWords(checkWords);
  return (
    <p className="notice notice-bad" role="alert">
      {notLoaded}
    </p>
  );
}

/** What two checkpoints that contradict each other say, to be handed on. */
function evidenceIn(steps: readonly Step[]): string | undefined {
  const history = steps.find(({ kind }) => kind === 'history');
  if (history === undefined || (history.outcome !== 'forked' && history.outcome !== 'shorter')) return undefined;
  return history.details.map(([name, value]) => `${name}: ${value}\n`).join('');
}
