import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LanguageProvider } from './language/language.js';
import { App } from './shell/app.js';
import { readSettings } from './shell/server.js';
import './style/base.css';
import './style/pages.css';
import './style/gift.css';
import './style/check.css';
import './style/programme.css';

// Every page asks for something sooner or later, and where to ask stands in a file.
void readSettings();

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no place for the site.');
createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <App />
    </LanguageProvider>
  </StrictMode>,
);

if ('serviceWorker' in navigator) {
  // Without one the pages work all the same, only not offline.
  navigator.serviceWorker.register('./service-worker.js').then(keepPublicAnswers, () => undefined);
}

/** On the first visit the page was there before its service worker, which has kept no answer yet. */
async function keepPublicAnswers(): Promise<void> {
  if (navigator.serviceWorker.controller !== null) return;
  await new Promise((taken) => navigator.serviceWorker.addEventListener('controllerchange', taken, { once: true }));
  const site = ['portal.json', 'division-names.json'];
  const answers = [...site, 'ledger', 'log/policy', 'log/status', 'public/figures', 'public/figures/disclosed'];
  await Promise.allSettled(answers.map((path) => fetch(path, { credentials: 'omit', cache: 'no-cache' })));
}
