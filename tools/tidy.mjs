// Habits that no linter knows: banned words with what to write instead, file names and lengths, links, the lock file.
// `npm run tidy` prints `file:line  what is wrong` and exits with 1 if anything is.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAX_SOURCE_LINES = 350;
const PUBLIC_REGISTRY = ['registry', 'npmjs', 'org'].join('.');
const TEXT_FILES = new Set(
  '.cjs .css .csv .html .js .json .jsonc .md .mjs .sh .sql .svg .toml .ts .tsx .txt .xml .yaml .yml'.split(' '),
);
/** Words that are not kebab-case by the convention of whoever reads them. */
const KNOWN_NAMES = /^(README|CHANGELOG|CONTRIBUTING|LICENSE|NOTICE|SECURITY|Dockerfile)(\.[A-Za-z-]+)*$/;
const KEBAB_NAME = /^\.?[a-z0-9]+([.-][a-z0-9]+)*$/;
/** Test data keep the names that their makers gave them. */
const FOREIGN_DATA = /(^|\/)(fixtures|vectors)\//;

const anySource = (path) => !FOREIGN_DATA.test(path);
const isSpec = (path) => /\.spec\.[jt]sx?$/.test(path);
const isLibrary = (path) => path.startsWith('libs/') && !isSpec(path);
const isCode = (path) => /\.(ts|tsx|js|mjs|sql)$/.test(path);

const isCodeOrGuide = (path) => (isCode(path) && !isSpec(path)) || path.endsWith('.md');

/** What may not be written, where, and what to write instead. The letter classes keep this file out of its own net. */
const bans = [
  { pattern: /\b([T]ODO|[F]IXME|[X]XX)\b/, where: anySource, instead: 'do it now, or describe the limit in the docs' },
  {
    pattern: /\b(it|test|describe)\.(only|skip|todo)\b|\b([f]it|[x]it|[f]describe|[x]describe)\(/,
    where: isSpec,
    instead: 'run the test or delete it',
  },
  { pattern: /\bconsole\.(log|info|debug)\b/, where: isLibrary, instead: 'return a value, or take a logger as a port' },
  {
    pattern: /\bparseFloat\(/,
    where: (path) => isCode(path) && !path.startsWith('tools/'),
    instead: 'amounts: the money parser; sizes: a checked integer',
  },
  {
    pattern: /\b\w*(amount|_minor)\w*"?\s+(real|float[48]?|double precision|money)\b/i,
    where: isCode,
    instead: 'bigint, in minor units',
  },
  {
    pattern: /(^|[\s'"`(=:])\/(work|root|home\/\w+|Users\/\w+)\//,
    where: anySource,
    instead: 'a path relative to the file or the repository',
  },
  {
    pattern: /[s]ub-?agent|\b[s]ession of\b/i,
    where: anySource,
    instead: 'write about the product, not about how it was made',
  },
  {
    pattern:
      /\b(registry\.[\w.-]+|[\w.-]*(?:artifactory|verdaccio|nexus)[\w.-]*)\.(org|com|net|io|cn|internal|local)\b/i,
    where: (path) => anySource(path) && path !== 'package-lock.json',
    instead: 'the name and version of the package',
  },
  // One word for one thing, as docs/glossary.md has it.
  { pattern: /捐[款]|善[款]/, where: isCodeOrGuide, instead: '捐赠' },
  { pattern: /撤[销]/, where: isCodeOrGuide, instead: '冲正 (a redemption), 吊销 (a key)' },
  { pattern: /收银[设机]|持有[人]/, where: isCodeOrGuide, instead: '收银终端; 持券人, 经办人' },
  { pattern: /[途]中/, where: isCodeOrGuide, instead: '在途' },
];

/** Files are `{ path, text }` with paths relative to the repository; `exists` says whether a path is there. */
export function untidy(files, exists) {
  return files.flatMap((file) => [
    ...badName(file),
    ...tooLong(file),
    ...bannedWords(file),
    ...(file.path.endsWith('.md') ? deadLinks(file, exists) : []),
    ...(file.path === 'README.md' ? missingCommands(file) : []),
    ...(file.path === 'package-lock.json' ? foreignHosts(file) : []),
  ]);
}

function badName({ path }) {
  if (FOREIGN_DATA.test(path)) return [];
  const bad = path.split('/').find((part) => !KEBAB_NAME.test(part) && !KNOWN_NAMES.test(part));
  return bad === undefined ? [] : [`${path}:1  the name "${bad}" is not kebab-case`];
}

function tooLong({ path, text }) {
  if (!/\/src\//.test(path) || isSpec(path) || FOREIGN_DATA.test(path)) return [];
  const lines = text.split('\n').length - 1;
  return lines > MAX_SOURCE_LINES
    ? [`${path}:${lines}  longer than ${MAX_SOURCE_LINES} lines: split it by purpose`]
    : [];
}

function bannedWords({ path, text }) {
  const bansHere = bans.filter(({ where }) => where(path));
  return text.split('\n').flatMap((line, i) =>
    bansHere.flatMap(({ pattern, instead }) => {
      const found = pattern.exec(line);
      return found === null ? [] : [`${path}:${i + 1}  "${found[0].trim()}" is banned; instead: ${instead}`];
    }),
  );
}

/** Relative links of a page, `[text](target)` and `[name]: target`, must lead to a file or folder. */
function deadLinks({ path, text }, exists) {
  let fenced = false;
  return text.split('\n').flatMap((line, i) => {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    if (fenced) return [];
    const prose = line.replace(/`[^`]*`/g, '');
    const targets = [...prose.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)/g)].map((m) => m[1] ?? m[2]);
    return targets
      .filter((target) => !/^([a-z][a-z0-9+.-]*:|#|\/\/)/i.test(target))
      .filter((target) => !exists(normalize(join(dirname(path), decodeURI(target.replace(/[#?].*$/, ''))))))
      .map((target) => `${path}:${i + 1}  the link "${target}" leads nowhere`);
  });
}

function missingCommands({ path, text }) {
  return ['npm ci && npm run demo', 'npm ci && npm test']
    .filter((command) => !text.includes(command))
    .map((command) => `${path}:1  does not show the command "${command}"`);
}

/** The lock file works for everybody only if its addresses are public, or left out. */
function foreignHosts({ path, text }) {
  return text.split('\n').flatMap((line, i) => {
    const [, host] = /"resolved":\s*"[a-z+]+:\/\/([^/"]+)/.exec(line) ?? [];
    return host === undefined || host === PUBLIC_REGISTRY ? [] : [`${path}:${i + 1}  resolves from the host "${host}"`];
  });
}

function main() {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const paths = [...new Set(listed.split('\0'))].filter((path) => path !== '' && existsSync(join(root, path)));
  const files = paths.map((path) => ({ path, text: isText(path) ? readFileSync(join(root, path), 'utf8') : '' }));
  const complaints = untidy(files, (path) => existsSync(join(root, path)));
  for (const complaint of complaints) console.error(complaint);
  console.error(complaints.length === 0 ? `tidy: ${files.length} files` : `tidy: ${complaints.length} complaints`);
  process.exitCode = complaints.length === 0 ? 0 : 1;
}

function isText(path) {
  return TEXT_FILES.has(extname(path)) || !extname(path.replace(/(^|\/)\./, '$1'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
