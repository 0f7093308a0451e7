import { useId, useState } from 'react';
import { useWords } from '../language/language.js';
import { homeWords } from './home.words.js';
import { giftAddress } from './route.js';
import { useTitle } from './use-title.js';

export function HomePage() {
  const words = useWords(homeWords);
  useTitle(words.title);
  return (
    <>
      <section className="hero">
        <div className="inner">
          <h1>{words.title}</h1>
          <p className="lead">{words.lead}</p>
          <TraceForm />
        </div>
      </section>
      <section className="page">
        <h2>{words.how}</h2>
        <div className="points">
          {(['address', 'log', 'witness', 'privacy'] as const).map((point) => (
            <div key={point}>
              <h3>{words.points[point].title}</h3>
              <p>{words.points[point].text}</p>
            </div>
          ))}
        </div>
        <p className="ways-on">
          <a href="#/programme">{words.programme}</a>
          <a href="#/check">{words.check}</a>
        </p>
      </section>
    </>
  );
}

/** The code goes into the fragment and from there into the body of a question; nothing is submitted. */
export function TraceForm() {
  const words = useWords(homeWords);
  const [code, setCode] = useState('');
  const [isEmpty, setIsEmpty] = useState(false);
  const id = useId();
  return (
    <form
      className="trace-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const typed = code.trim();
        setIsEmpty(typed === '');
        if (typed !== '') window.location.hash = giftAddress(typed);
      }}
    >
      <label htmlFor={id}>{words.code}</label>
      <div className="trace-field">
        <input
          id={id}
          value={code}
          onChange={({ target }) => setCode(target.value)}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={100}
          placeholder="XXXXX-XXXXX-XXXXX-XXXXX-XXXXXX"
          aria-describedby={`${id}-help`}
          aria-invalid={isEmpty}
        />
        <button type="submit" className="button">
          {words.follow}
        </button>
      </div>
      {isEmpty && (
        <p className="field-fault" role="alert">
          {words.empty}
        </p>
      )}
      <p id={`${id}-help`} className="help">
        {words.codeHelp}
      </p>
      <p className="help">{words.secret}</p>
    </form>
  );
}
