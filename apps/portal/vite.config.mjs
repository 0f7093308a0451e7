import { defaultClientConditions, defineConfig } from 'vite';
import { offlineList } from './build/offline-list.mjs';

export default defineConfig({
  root: import.meta.dirname,
  // Addresses are relative: the site works below any folder of any static web server.
  base: './',
  plugins: [offlineList()],
  // The libraries' sources, so that the build does not wait for theirs.
  resolve: { conditions: ['source', ...defaultClientConditions] },
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    // Phones of about 2021 and later; the WebView of WeChat is newer.
    target: ['chrome94', 'safari15.4', 'firefox100'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: { index: 'index.html', 'service-worker': 'src/service-worker.ts' },
      output: {
        // Pages ask for the service worker by this name, whatever is in it.
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
