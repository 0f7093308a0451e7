import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Breaks every import rule on purpose in a small workspace of its own, to know that the rules bite. */
const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const libraries = [
  'domain',
  'envelope',
  'client',
  'crypto-node',
  'event-store',
  'ledger',
  'log-files',
  'data-directory',
  'read-models',
  'public-log',
  'figures',
  'verification',
  'privacy',
  'nest',
  'interop',
  'testing',
  'newcomer',
];
const outsiders = ['zod', 'pg', '@nestjs/common'];

/** Each file, what it imports, and the rules that must report it. */
const violations = {
  'libs/domain/src/a.ts': ['@aidtrail/envelope', ['arrows-domain']],
  'libs/domain/src/b.ts': ['pg', ['pure-libraries-stay-pure']],
  'libs/domain/src/c.ts': ['node:fs', ['pure-libraries-stay-pure']],
  'libs/domain/src/d.spec.ts': ['@aidtrail/ledger', ['arrows-domain-specs']],
  'libs/data-directory/src/a.ts': ['@aidtrail/envelope', ['arrows-data-directory']],
  'libs/envelope/src/a.ts': ['@aidtrail/crypto-node', ['arrows-envelope']],
  'libs/client/src/a.ts': ['@aidtrail/ledger', ['arrows-client']],
  'libs/crypto-node/src/a.ts': ['@aidtrail/domain', ['arrows-crypto-node']],
  'libs/event-store/src/a.ts': ['@aidtrail/domain', ['arrows-event-store']],
  'libs/ledger/src/a.ts': ['@aidtrail/read-models', ['arrows-ledger']],
  'libs/ledger/src/b.ts': ['@aidtrail/privacy', ['arrows-ledger']],
  'libs/ledger/src/c.ts': ['@aidtrail/nest', ['arrows-ledger']],
  'libs/ledger/src/d.ts': ['@aidtrail/event-store/postgres', ['the-port-not-the-adapter']],
  'libs/ledger/src/e.ts': ['@nestjs/common', ['nest-stays-at-the-edge']],
  'libs/ledger/src/f.ts': ['../../domain/src/index.js', ['no-relative-path-into-another-package']],
  'libs/ledger/src/g.ts': ['@aidtrail/domain/src/index.js', ['everything-resolves']],
  'libs/ledger/src/h.ts': ['./gone.js', ['everything-resolves']],
  'libs/ledger/src/i.ts': ['@aidtrail/api', ['libraries-do-not-import-apps']],
  'libs/read-models/src/a.ts': ['@aidtrail/ledger', ['arrows-read-models']],
  'libs/public-log/src/a.ts': ['@aidtrail/domain', ['arrows-public-log']],
  'libs/log-files/src/a.ts': ['@aidtrail/ledger', ['arrows-log-files']],
  'libs/figures/src/a.ts': ['@aidtrail/event-store', ['arrows-figures']],
  'libs/verification/src/a.ts': ['@aidtrail/event-store', ['arrows-verification']],
  'libs/privacy/src/a.ts': ['@aidtrail/event-store', ['arrows-privacy']],
  'libs/interop/src/a.ts': ['@aidtrail/envelope', ['arrows-interop']],
  'libs/newcomer/src/a.ts': ['@aidtrail/domain', ['arrows-unlisted-library']],
  'libs/nest/src/a.ts': ['@aidtrail/testing', ['arrows-nest', 'testing-is-for-specs-and-demo']],
  'apps/api/src/a.ts': ['@aidtrail/testing', ['testing-is-for-specs-and-demo']],
  'apps/api/src/b.ts': ['@aidtrail/event-store/contract', ['testing-is-for-specs-and-demo']],
  'libs/domain/src/e.ts': ['./kernel/testing.js', ['testing-is-for-specs-and-demo']],
  'apps/witness/src/a.ts': ['@aidtrail/api', ['apps-stand-alone']],
  'apps/portal/src/a.ts': ['@aidtrail/ledger', ['sites-run-in-a-browser']],
  'libs/ledger/src/cycle-one.ts': ['./cycle-two.js', ['no-cycles']],
};

/** Files that use the arrows as they are meant; none of them may be reported. */
const permitted = {
  'libs/ledger/src/cycle-two.ts': './cycle-one.js', // a cycle is reported once, where it is met first
  'libs/envelope/src/ok.ts': 'zod',
  'libs/domain/src/ok.spec.ts': '@aidtrail/testing',
  'libs/domain/src/ok2.spec.ts': './kernel/testing.js',
  'libs/domain/src/kernel/testing.ts': 'pg',
  'libs/newcomer/src/ok.ts': './index.js',
  'libs/testing/src/ok2.ts': '@aidtrail/event-store/contract',
  'libs/event-store/src/ok.ts': 'pg',
  'libs/ledger/src/ok.ts': '@aidtrail/event-store',
  'libs/testing/src/ok.ts': '@aidtrail/event-store/postgres',
  'libs/nest/src/ok.ts': '@nestjs/common',
  'libs/nest/src/ok2.ts': '@aidtrail/event-store/postgres',
  'apps/api/src/ok.ts': '@aidtrail/ledger',
  'apps/api/src/ok.spec.ts': '@aidtrail/testing',
  'apps/cli/src/ok.ts': '@aidtrail/api',
  'apps/cli/src/demo/ok.ts': '@aidtrail/testing',
  'apps/portal/src/ok.ts': '@aidtrail/verification',
  'bench/src/ok.ts': '@aidtrail/testing',
};

let workspace;
let reported;

beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'aidtrail-boundaries-'));
  for (const name of libraries) addPackage(`libs/${name}`, name);
  for (const name of ['api', 'witness', 'portal', 'cli']) addPackage(`apps/${name}`, name);
  addPackage('bench', 'bench');
  addFile('libs/event-store/src/postgres/index.ts', 'export const postgres = 1;');
  addFile('libs/event-store/src/contract.ts', 'export const contract = 1;');
  for (const name of outsiders) {
    addFile(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    addFile(`node_modules/${name}/index.js`, 'module.exports = {};');
  }
  for (const [file, [imported]] of Object.entries(violations)) addFile(file, `import '${imported}';`);
  for (const [file, imported] of Object.entries(permitted)) addFile(file, `import '${imported}';`);
  reported = violationsByFile();
});

afterAll(() => rmSync(workspace, { recursive: true, force: true }));

describe('the import rules', () => {
  it.each(Object.entries(violations))('report %s', (file, [, rules]) => {
    expect([...(reported.get(file) ?? [])].sort()).toEqual([...rules].sort());
  });

  it.each(Object.keys(permitted))('let %s pass', (file) => {
    expect([...(reported.get(file) ?? [])]).toEqual([]);
  });

  it('are all broken by some case above', async () => {
    const { default: config } = await import('../../.dependency-cruiser.mjs');
    const broken = new Set(Object.values(violations).flatMap(([, rules]) => rules));
    const alike = /^arrows-(?!domain-specs).*-specs$/; // one rule made for each library; domain's stands for all
    const unproven = config.forbidden.map(({ name }) => name).filter((name) => !broken.has(name) && !alike.test(name));
    expect(unproven).toEqual(['arrows-testing']); // testing may import everything, so nothing can break it
  });
});

function addFile(path, text) {
  const file = join(workspace, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${text}\n`);
}

function addPackage(folder, name) {
  const exports = { '.': { source: './src/index.ts', default: './dist/index.js' } };
  if (name === 'event-store') {
    exports['./postgres'] = { source: './src/postgres/index.ts' };
    exports['./contract'] = { source: './src/contract.ts' };
  }
  const dependencies = Object.fromEntries(outsiders.map((outsider) => [outsider, '1.0.0']));
  addFile(
    `${folder}/package.json`,
    JSON.stringify({ name: `@aidtrail/${name}`, type: 'module', exports, dependencies }),
  );
  addFile(`${folder}/src/index.ts`, 'export const here = 1;');
  mkdirSync(join(workspace, 'node_modules/@aidtrail'), { recursive: true });
  symlinkSync(join(workspace, folder), join(workspace, 'node_modules/@aidtrail', name));
}

function violationsByFile() {
  const cruiser = join(repository, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(repository, '.dependency-cruiser.mjs');
  const { stdout } = spawnSync(
    process.execPath,
    [cruiser, '--config', config, '--output-type', 'json', 'libs', 'apps', 'bench'],
    { cwd: workspace, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const byFile = new Map();
  for (const { from, rule } of JSON.parse(stdout).summary.violations) {
    byFile.set(from, (byFile.get(from) ?? new Set()).add(rule.name));
  }
  return byFile;
}
