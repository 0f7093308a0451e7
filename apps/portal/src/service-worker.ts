/**
 * Lets the pages open without a network. It keeps the site's own files, and the newest public answers; nothing of a gift,
 * which is asked for by POST and never comes here.
 */
interface Waiting extends Event {
  waitUntil(promise: Promise<unknown>): void;
}

interface Fetching extends Waiting {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

/** As far as it is used here: the types of service workers and of pages exclude each other. */
interface WorkerScope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Waiting) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
}

const worker = globalThis as unknown as WorkerScope;

/** Written in by the build. */
const offline = JSON.parse('__OFFLINE__') as { readonly version: string; readonly files: readonly string[] };

const FILES = `aidtrail-files-${offline.version}`;
const ANSWERS = 'aidtrail-answers';
/** Public answers that a page is worth opening with, however old they are; the page says how old. */
const KEPT =
  /^(portal\.json|division-names\.json|ledger|log\/(policy|status)|public\/(?!stream)[a-z/-]+|campaigns\/[0-9a-f-]{36})$/;

worker.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(FILES);
      await cache.addAll(offline.files.map((file) => new Request(file, { cache: 'no-cache' })));
      await worker.skipWaiting();
    })(),
  );
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys())
        if (name.startsWith('aidtrail-files-') && name !== FILES) await caches.delete(name);
      await worker.clients.claim();
    })(),
  );
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(worker.registration.scope)) return;
  const path = request.url.slice(worker.registration.scope.length).replace(/[?#].*$/, '');
  if (path === '' || path === 'index.html') event.respondWith(freshElseKept(request, FILES, './'));
  else if (path === 'icon.svg' || path.startsWith('assets/')) event.respondWith(keptElseFresh(request));
  else if (KEPT.test(path)) event.respondWith(freshElseKept(request, ANSWERS, request.url));
});

async function keptElseFresh(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

/** `header aidtrail-kept`: the answer is an old one, because the server did not answer. */
async function freshElseKept(request: Request, cacheName: string, key: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  try {
    const response = await fetch(request);
    if (response.status < 500) {
      if (response.ok) await cache.put(key, response.clone());
      return response;
    }
  } catch {
    // No network, or no server: what is kept is better than nothing.
  }
  const kept = await cache.match(key);
  if (kept === undefined) return Response.error();
  const headers = new Headers(kept.headers);
  headers.set('aidtrail-kept', '1');
  return new Response(kept.body, { status: kept.status, headers });
}
