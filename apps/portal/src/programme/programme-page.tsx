import { WitnessList } from '../check/witness-list.js';
import { useWords } from '../language/language.js';
import { useTitle } from '../shell/use-title.js';
import { programmeWords } from './programme.words.js';

export default function ProgrammePage() {
  const words = useWords(programmeWords);
  useTitle(words.title);
  return (
    <>
      <section className="page-head">
        <div className="inner">
          <h1>{words.title}</h1>
          <p className="lead">{words.lead}</p>
        </div>
      </section>
      <section className="page">
        <p className="notice notice-quiet">{words.none}</p>
        <WitnessList />
      </section>
    </>
  );
}
