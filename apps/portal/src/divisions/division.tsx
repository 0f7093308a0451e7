import { useLanguage, useWords } from '../language/language.js';
import { divisionName } from './division-names.js';
import { divisionWords } from './division.words.js';
import { useDivisionNames } from './use-division-names.js';

/** Untrusted: the code and its name; both are shown as text. The code stays beside the name: it is what the ledger signs. */
export function Division({ code }: { readonly code: string }) {
  const words = useWords(divisionWords);
  const { language } = useLanguage();
  return (
    <span className="division">
      {divisionName(code, language, useDivisionNames()) ?? words.unnamed}{' '}
      <small className="division-code">{code}</small>
    </span>
  );
}

/** That the names are no part of what is signed. */
export function DivisionsHow() {
  return useWords(divisionWords).how;
}
