import { formatMoment } from '../language/days.js';
import { useLanguage, useWords } from '../language/language.js';
import type { StreamState } from '../stream/follow-stream.js';
import { streamWords } from '../stream/stream.words.js';
import type { Kept } from './keep-asking.js';
import { liveWords } from './live.words.js';

/** Since when the gift is as the page shows it, whether changes come by themselves, and, for a moment, that one just did. */
export function LiveLine(of: {
  readonly kept: Kept<unknown>;
  readonly stream: StreamState;
  readonly isChanged: boolean;
}) {
  const words = useWords(liveWords);
  const { states } = useWords(streamWords);
  const { language } = useLanguage();
  const { asked, isOld, since } = of.kept;
  const state = isOld ? 'waiting' : of.stream;
  // While the line is broken nobody knows whether something has changed since the last answer.
  const when = state === 'live' ? since : asked;
  const isUnchanged = state === 'live' && since?.getTime() !== asked?.getTime();
  return (
    <div className="stream-line">
      <p className="help">
        <span className={`dot stream-${state}`} aria-hidden="true" />
        {when !== undefined && `${words[isUnchanged ? 'unchangedSince' : 'asOf'](formatMoment(when, language))} · `}
        {states[state]}
      </p>
      <p className="help just-changed" role="status" aria-live="polite">
        {of.isChanged && words.changed}
      </p>
    </div>
  );
}
