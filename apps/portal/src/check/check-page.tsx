import { useCallback, useEffect, useState, type DragEvent } from 'react';
import { useWords } from '../language/language.js';
import { readSettings } from '../shell/server.js';
import { useAnswer } from '../shell/use-answer.js';
import { useTitle } from '../shell/use-title.js';
import { CheckPanel, NotLoaded } from './check-panel.js';
import { checkWords } from './check.words.js';
import { loadCheck } from './load-check.js';
import { forgetOwnPolicy, hasOwnPolicy } from './own-policy.js';
import type { Step } from './step.js';
import { StepList } from './step-list.js';
import { WitnessList } from './witness-list.js';

export default function CheckPage() {
  const words = useWords(checkWords);
  useTitle(words.title);
  useEffect(() => {
    // For the first file that is handed over, also once the network is gone.
    void loadCheck();
  }, []);
  return (
    <>
      <section className="page-head">
        <div className="inner">
          <h1>{words.title}</h1>
          <p className="lead">{words.lead}</p>
        </div>
      </section>
      <section className="page">
        <h2>{words.logTitle}</h2>
        <p className="measure">{words.logText}</p>
        <CheckPanel />
        <WitnessList />
      </section>
      <section className="page">
        <h2>{words.receiptTitle}</h2>
        <p className="measure">{words.receiptText}</p>
        <ReceiptCheck />
      </section>
      <section className="page">
        <h2>{words.policyTitle}</h2>
        <p className="measure">{words.policyText}</p>
        <OwnPolicy />
      </section>
      <AuditHint />
    </>
  );
}

const LARGEST_FILE = 2_000_000;

function ReceiptCheck() {
  const words = useWords(checkWords);
  const [checked, setChecked] = useState<{ readonly name: string; readonly steps: readonly Step[] | undefined }>();
  const [isOver, setIsOver] = useState(false);
  const check = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    // What is too large is no receipt: the first part of it will be found unreadable.
    const bytes = new Uint8Array(await file.slice(0, LARGEST_FILE).arrayBuffer());
    const check = await loadCheck();
    setChecked({ name: file.name, steps: await check?.runReceiptCheck(bytes) });
  };
  const over = (isIn: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setIsOver(isIn);
  };
  return (
    <>
      <div
        className={isOver ? 'drop drop-over' : 'drop'}
        onDragOver={over(true)}
        onDragLeave={over(false)}
        onDrop={(event) => {
          over(false)(event);
          void check(event.dataTransfer.files[0]);
        }}
      >
        <FileButton label={words.choose} accept=".tlog-proof" onFile={(file) => void check(file)} />
        <span className="help">{words.drop}</span>
      </div>
      {checked !== undefined && (
        <>
          <p className="help">{words.dropped(checked.name)}</p>
          {checked.steps === undefined ? <NotLoaded /> : <StepList steps={checked.steps} isDone />}
        </>
      )}
    </>
  );
}

function OwnPolicy() {
  const words = useWords(checkWords);
  const [isOwn, setIsOwn] = useState(hasOwnPolicy);
  const [problem, setProblem] = useState<'bad' | 'not_loaded'>();
  const take = async (file: File): Promise<void> => {
    const check = await loadCheck();
    if (check === undefined) return setProblem('not_loaded');
    try {
      check.takeOwnPolicyOrThrow(await file.slice(0, LARGEST_FILE).text());
      setIsOwn(true);
      setProblem(undefined);
    } catch {
      setProblem('bad');
    }
  };
  return (
    <>
      {problem === 'not_loaded' && <NotLoaded />}
      {problem === 'bad' && (
        <p className="notice notice-bad" role="alert">
          {words.policyBad}
        </p>
      )}
      {isOwn && <p className="notice notice-quiet">{words.policyOwn}</p>}
      <p className="buttons">
        <FileButton label={words.choosePolicy} accept=".txt" onFile={(file) => void take(file)} />
        {isOwn && (
          <button
            type="button"
            className="button-quiet"
            onClick={() => {
              forgetOwnPolicy();
              setIsOwn(false);
            }}
          >
            {words.dropPolicy}
          </button>
        )}
      </p>
    </>
  );
}

function FileButton(of: { readonly label: string; readonly accept: string; readonly onFile: (file: File) => void }) {
  return (
    <label className="button-quiet file-button">
      {of.label}
      <input
        type="file"
        className="visually-hidden"
        accept={of.accept}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file !== undefined) of.onFile(file);
          // The same file may be chosen once more.
          target.value = '';
        }}
      />
    </label>
  );
}

function AuditHint() {
  const words = useWords(checkWords);
  const { answer } = useAnswer(
    useCallback(async () => ({ kind: 'answered' as const, value: await readSettings() }), []),
  );
  const log = answer?.kind === 'answered' ? answer.value.log.href : '';
  return (
    <section className="page">
      <h2>{words.auditTitle}</h2>
      <p className="measure">{words.auditText}</p>
      <pre className="command" tabIndex={0}>{`npx aidtrail audit --log ${log} --policy log-policy.txt`}</pre>
      <p className="help">
        {words.logAt} <code>{log}</code>
      </p>
    </section>
  );
}
