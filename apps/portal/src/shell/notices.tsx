import { formatMoment } from '../language/days.js';
import { useLanguage, useWords } from '../language/language.js';
import type { Answer } from './server.js';
import { shellWords } from './shell.words.js';

type Failed = Exclude<Answer<unknown>['kind'], 'answered'>;

export function Loading() {
  const words = useWords(shellWords);
  return (
    <p className="loading" role="status">
      {words.loading}
    </p>
  );
}

export function Failure({ kind, again }: { readonly kind: Failed; readonly again?: () => void }) {
  const words = useWords(shellWords);
  return (
    <div className="notice notice-open" role="alert">
      <p>{words.failure[kind]}</p>
      {again !== undefined && (kind === 'unreachable' || kind === 'not_understood') && (
        <button type="button" className="button-quiet" onClick={again}>
          {words.retry}
        </button>
      )}
    </div>
  );
}

/** Says how old what is shown is, by the server's clock: this device's may be years off. */
export function OldAnswer({ from }: { readonly from: Date | undefined }) {
  const words = useWords(shellWords);
  const { language } = useLanguage();
  const when = from && formatMoment(from, language);
  return (
    <p className="notice notice-open" role="status">
      {when === undefined ? words.offline : words.offlineSince(when)}
    </p>
  );
}
