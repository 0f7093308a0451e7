#!/usr/bin/env node
// Writes docs/reference/openapi.json; with --check it only says whether the file is up to date. Needs `npm run build`.
import { readFile, writeFile } from 'node:fs/promises';

const { openApiText } = await import(new URL('../dist/index.js', import.meta.url).href);
const file = new URL('../../../docs/reference/openapi.json', import.meta.url);
const text = await openApiText();

if (!process.argv.includes('--check')) {
  await writeFile(file, text);
} else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
  console.error('docs/reference/openapi.json is out of date: run node apps/api/bin/write-openapi.js');
  process.exitCode = 1;
}
