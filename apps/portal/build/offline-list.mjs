import { createHash } from 'node:crypto';

/** What the service worker keeps is known only once everything is built: this writes it in. */
export function offlineList() {
  return {
    name: 'aidtrail-offline-list',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const worker = bundle['service-worker.js'];
      const files = Object.keys(bundle).filter((name) => name !== 'service-worker.js' && !name.endsWith('.map'));
      const list = ['./', 'icon.svg', ...files.filter((name) => name !== 'index.html')].sort();
      const digest = createHash('sha256');
      for (const name of files.sort()) {
        const file = bundle[name];
        digest.update(`${name}\n`).update(file.type === 'chunk' ? file.code : file.source);
      }
      const place = /['"`]__OFFLINE__['"`]/;
      if (!place.test(worker.code)) this.error('The service worker has no place for the list of files.');
      const value = JSON.stringify({ version: digest.digest('hex').slice(0, 16), files: list });
      worker.code = worker.code.replace(place, () => JSON.stringify(value));
    },
  };
}
