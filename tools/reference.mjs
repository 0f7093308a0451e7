// Writes the generated pages of docs/reference from the tables of the domain (built: run `npm run build` first).
// `--check` writes nothing and exits with 1 if the pages in the tree are not those that the code would make.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderReference } from '../libs/domain/dist/schema/reference.js';

const folder = join(resolve(dirname(fileURLToPath(import.meta.url)), '..'), 'docs/reference');
const pages = Object.entries(renderReference());

if (process.argv.includes('--check')) {
  const stale = [];
  for (const [name, text] of pages) if ((await readOrNothing(join(folder, name))) !== text) stale.push(name);
  for (const name of stale) console.error(`docs/reference/${name} is not what the code says: node tools/reference.mjs`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of pages) await writeFile(join(folder, name), text);
}

async function readOrNothing(path) {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
