import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { chromium, type Browser } from 'playwright-core';

const dist = fileURLToPath(new URL('../../../apps/portal/dist/', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** The public site as it was built, compressed as the api compresses it, with answers and a log that stand in memory. */
export async function servePortal(
  answers: ReadonlyMap<string, Uint8Array | string>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const files = new Map<string, { readonly type: string; readonly encoded: Buffer }>();
  const put = (path: string, bytes: Uint8Array | string): void => {
    const type = types[extname(path)] ?? (path.startsWith('public/') ? 'application/json' : 'application/octet-stream');
    files.set(path, { type, encoded: brotliCompressSync(bytes) });
  };
  for (const entry of await readdir(dist, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) put(relative(dist, path).split(sep).join('/'), await readFile(path));
  }
  for (const [path, bytes] of answers) put(path, bytes);
  const server = createServer((request, response) => {
    const file = files.get((request.url ?? '/').replace(/[?#].*$/, '').slice(1) || 'index.html');
    if (file === undefined)
      return void response.writeHead(404, { 'content-type': 'application/problem+json' }).end('{}');
    response
      .writeHead(200, { 'content-type': file.type, 'content-encoding': 'br', 'cache-control': 'no-cache' })
      .end(file.encoded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Rejects where there is no Chromium. */
export async function openChromium(): Promise<Browser> {
  const executablePath = programs.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error('These benchmarks need Chromium: apt-get install chromium');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--no-first-run', '--disable-gpu', '--disable-quic'],
  });
}
