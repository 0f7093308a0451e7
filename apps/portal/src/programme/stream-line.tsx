import { formatCount } from '../language/amounts.js';
import { formatDay } from '../language/days.js';
import { useLanguage, useWords } from '../language/language.js';
import type { StreamState } from '../stream/follow-stream.js';
import { streamWords } from '../stream/stream.words.js';
import { programmeWords } from './programme.words.js';

/** How new the figures are, whether new ones come by themselves, and, for a moment, that some just did. */
export function StreamLine(of: {
  readonly stream: StreamState;
  /** How many numbers just changed. */
  readonly changed: number;
  readonly asOf: { readonly day: string; readonly treeSize: number } | undefined;
  readonly isOld: boolean;
}) {
  const words = useWords(streamWords);
  const { asOf } = useWords(programmeWords);
  const { language } = useLanguage();
  const state = of.isOld ? 'waiting' : of.stream;
  return (
    <div className="stream-line">
      {of.asOf !== undefined && (
        <p className="help">
          <span className={`dot stream-${state}`} aria-hidden="true" />
          {asOf(formatDay(of.asOf.day, language), formatCount(of.asOf.treeSize))} · {words.states[state]}
        </p>
      )}
      <p className="help just-changed" role="status" aria-live="polite">
        {of.changed > 0 && words.changed(formatCount(of.changed))}
      </p>
    </div>
  );
}
