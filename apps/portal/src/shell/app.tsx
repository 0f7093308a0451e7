import { lazy, Suspense, useEffect, useRef } from 'react';
import { useLanguage, useWords } from '../language/language.js';
import { PageBoundary } from './boundary.js';
import { HomePage } from './home-page.js';
import { Loading } from './notices.js';
import { useRoute, type Route } from './route.js';
import { readTerms } from './server.js';
import { shellWords } from './shell.words.js';
import { useAnswer } from './use-answer.js';

const GiftPage = lazy(() => import('../gift/gift-page.js'));
const ProgrammePage = lazy(() => import('../programme/programme-page.js'));
const DataPage = lazy(() => import('../data/data-page.js'));
const CheckPage = lazy(() => import('../check/check-page.js'));

export function App() {
  const route = useRoute();
  const words = useWords(shellWords);
  const main = useRef<HTMLElement>(null);
  const wasShown = useRef(false);
  useEffect(() => {
    // A page that was gone to is read from its beginning, also by a screen reader.
    if (wasShown.current) {
      window.scrollTo(0, 0);
      main.current?.focus();
    }
    wasShown.current = true;
  }, [route.page]);
  return (
    <>
      <a className="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        {words.skip}
      </a>
      <Header page={route.page} />
      <main id="main" ref={main} tabIndex={-1}>
        <PageBoundary key={route.page}>
          <Suspense fallback={<Loading />}>
            <Page route={route} />
          </Suspense>
        </PageBoundary>
      </main>
      <Footer />
    </>
  );
}

function Page({ route }: { readonly route: Route }) {
  switch (route.page) {
    case 'home':
      return <HomePage />;
    case 'gift':
      return <GiftPage key={route.traceCode} traceCode={route.traceCode} />;
    case 'programme':
      return <ProgrammePage section={route.section} />;
    case 'check':
      return <CheckPage />;
    case 'data':
      return <DataPage />;
    case 'unknown':
      return <UnknownPage />;
  }
}

function Header({ page }: { readonly page: Route['page'] }) {
  const words = useWords(shellWords);
  const { language, speak } = useLanguage();
  const link = (to: 'home' | 'programme' | 'check', href: string) => {
    const isHere = page === to || (to === 'home' && page === 'gift');
    return (
      <a href={href} aria-current={isHere ? 'page' : undefined}>
        {words.pages[to]}
      </a>
    );
  };
  return (
    <header className="top">
      <div className="inner">
        <a className="brand" href="#/">
          <img src="./icon.svg" alt="" width="28" height="28" />
          <span>{words.name}</span>
        </a>
        <nav aria-label={words.pages.label}>
          {link('home', '#/')}
          {link('programme', '#/programme')}
          {link('check', '#/check')}
        </nav>
        <button
          type="button"
          className="language"
          lang={language === 'zh' ? 'en' : 'zh-CN'}
          aria-label={words.otherLanguageLabel}
          onClick={() => speak(language === 'zh' ? 'en' : 'zh')}
        >
          {words.otherLanguage}
        </button>
      </div>
    </header>
  );
}

function Footer() {
  const words = useWords(shellWords);
  const { answer } = useAnswer(readTerms);
  const terms = answer?.kind === 'answered' ? answer.value : undefined;
  return (
    <footer>
      <div className="inner">
        {terms?.demo === true && <p className="demo">{words.demo}</p>}
        <p>{words.footer}</p>
        {terms !== undefined && (
          <p>
            <code>{terms.origin}</code> · <a href="#/data">{words.source}</a>
          </p>
        )}
      </div>
    </footer>
  );
}

function UnknownPage() {
  const { notFound } = useWords(shellWords);
  return (
    <section className="page narrow">
      <h1>{notFound.title}</h1>
      <p>{notFound.text}</p>
      <p>
        <a href="#/">{notFound.home}</a>
      </p>
    </section>
  );
}
