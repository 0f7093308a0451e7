// Compiles every workspace's src/ to dist/ with swc, only what changed, bundles the verifier of audit kits into one file,
// and has Vite build the sites. Types are checked by `npm run types`.
import { readdir, stat, mkdir, writeFile, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const swcOptions = JSON.parse(await readFile(join(root, '.swcrc'), 'utf8'));

/** Runs with nothing but Node.js: what is bundled may not need native packages. */
const kit = join(root, 'apps/auditor/dist/audit.mjs');

async function bundleKit() {
  await build({
    entryPoints: [join(root, 'apps/auditor/dist/kit/kit-main.js')],
    outfile: kit,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    legalComments: 'eof',
    logLevel: 'warning',
    // Packages in the older module format ask for Node.js's own modules by require.
    banner: {
      js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    },
  });
}

async function filesUnder(directory) {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath ?? e.path, e.name));
}

async function isFresh(source, target) {
  if (!existsSync(target)) return false;
  const [a, b] = await Promise.all([stat(source), stat(target)]);
  return a.mtimeMs <= b.mtimeMs;
}

/** A site is what has a configuration of Vite. It is built from the sources of the libraries that it may import. */
async function buildSite(directory) {
  const sources = [
    'libs/client',
    'libs/domain',
    'libs/envelope',
    'libs/figures',
    'libs/public-log',
    'libs/verification',
  ];
  const places = [join(directory, 'src'), join(directory, 'public'), join(directory, 'build')];
  const single = ['index.html', 'package.json', 'vite.config.mjs'].map((name) => join(directory, name));
  for (const library of sources) {
    places.push(join(root, library, 'src'));
    single.push(join(root, library, 'package.json'));
  }
  const made = join(directory, 'dist/index.html');
  const files = await Promise.all(places.filter(existsSync).map(filesUnder));
  const used = [...single.filter(existsSync), ...files.flat()].filter(
    (path) => !/\.(spec|testing|examples)\.tsx?$/.test(path),
  );
  const fresh = await Promise.all(used.map((path) => isFresh(path, made)));
  if (fresh.every(Boolean)) return;
  const { build: buildWithVite } = await import('vite');
  await buildWithVite({ configFile: join(directory, 'vite.config.mjs'), logLevel: 'warn' });
  console.error(`built ${relative(root, directory)}`);
}

async function buildPackage(directory) {
  const source = join(directory, 'src');
  const target = join(directory, 'dist');
  if (!existsSync(source)) return 0;
  const wanted = new Set([kit]);
  let built = 0;
  for (const file of await filesUnder(source)) {
    if (!file.endsWith('.ts') || file.endsWith('.d.ts') || file.endsWith('.spec.ts')) continue;
    const out = join(target, relative(source, file)).replace(/\.ts$/, '.js');
    wanted.add(out);
    if (await isFresh(file, out)) continue;
    const { code, map } = await transform(await readFile(file, 'utf8'), {
      ...swcOptions,
      filename: file,
      swcrc: false,
    });
    await mkdir(dirname(out), { recursive: true });
    const mapName = out.slice(dirname(out).length + 1) + '.map';
    if (map) await writeFile(out + '.map', map);
    await writeFile(out, `${code}\n//# sourceMappingURL=${mapName}\n`);
    built += 1;
  }
  if (existsSync(target)) {
    for (const file of await filesUnder(target)) {
      if (!wanted.has(file) && !wanted.has(file.replace(/\.map$/, ''))) await rm(file);
    }
  }
  return built;
}

let total = 0;
for (const group of ['libs', 'apps']) {
  const base = join(root, group);
  if (!existsSync(base)) continue;
  for (const name of await readdir(base)) {
    const directory = join(base, name);
    if (existsSync(join(directory, 'vite.config.mjs'))) await buildSite(directory);
    else total += await buildPackage(directory);
  }
}
total += await buildPackage(join(root, 'bench'));
if (total > 0 || !existsSync(kit)) await bundleKit();
if (total > 0) console.error(`built ${total} files`);
