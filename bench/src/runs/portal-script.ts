import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Measurement } from '../result.js';

const site = new URL('../../../apps/portal/dist/', import.meta.url);

/** What a phone loads before the first page of the portal shows, compressed as most servers do. Pages and charts come later. */
export async function portalScript(): Promise<readonly Measurement[]> {
  const page = await readFile(fileURLToPath(new URL('index.html', site)), 'utf8');
  const scripts = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path as string);
  const sizes = await Promise.all(scripts.map(async (path) => gzipSync(await readFile(new URL(path, site))).length));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return [
    { name: 'portal_script_kb', value: bytes / 1_024, notes: [`${scripts.length} file(s), gzip; without charts`] },
  ];
}
