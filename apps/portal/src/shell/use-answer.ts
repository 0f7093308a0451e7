import { useCallback, useEffect, useState } from 'react';
import type { Answer } from './server.js';

/** Asks when the page opens; undefined until there is an answer. `ask` has to be stable. `again` keeps what is shown. */
export function useAnswer<T>(ask: () => Promise<Answer<T>>): {
  readonly answer: Answer<T> | undefined;
  readonly again: () => void;
} {
  const [asked, setAsked] = useState<{ readonly by: unknown; readonly answer: Answer<T> }>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isWanted = true;
    void ask().then((answer) => {
      if (isWanted) setAsked({ by: ask, answer });
    });
    return () => {
      isWanted = false;
    };
  }, [ask, turn]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  // An answer to an earlier question is none to this one.
  return { answer: asked?.by === ask ? asked.answer : undefined, again };
}
