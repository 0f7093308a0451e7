import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LanguageProvider } from './language/language.js';
import { App } from './shell/app.js';
import './style/base.css';
import './style/pages.css';
import './style/gift.css';
import './style/check.css';

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
  navigator.serviceWorker.register('./service-worker.js').catch(() => undefined);
}
