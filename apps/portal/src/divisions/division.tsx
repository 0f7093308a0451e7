import { useLanguage, useWords } from '../language/language.js';
import { divisionName } from './division-names.js';
import { divisionWords } from './division.words.js';
import { useDivisionNames } from './use-division-names.js';

/** Untrusted: the code and its name; both are shown as text. The code stays beside the name: it is what the ledger signs. Each is isolated, so that no name turns the code around. */
export function Division({ code }: { readonly code: string }) {
  const words = useWords(divisionWords);
  const { language } = useLanguage();
  return (
    <span className="division">
      <bdi>{divisionName(code, language, useDivisionNames()) ?? words.unnamed}</bdi>{' '}
      <small className="division-code">
        <bdi dir="ltr">{code}</bdi>
      </small>
    </span>
  );
}

/** That the names are no part of what is signed. */
export function DivisionsHow() {
  return useWords(divisionWords).how;
}
