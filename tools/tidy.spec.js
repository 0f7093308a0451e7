import { untidy } from './tidy.mjs';

/** Complaints about one file; every path in `there` exists. */
function complaints(path, text, there = []) {
  return untidy([{ path, text }], (candidate) => there.includes(candidate));
}

// Written in two halves so that the check finds no banned words in its own specification.
const join = (...halves) => halves.join('');

describe('tidy', () => {
  it.each([
    ['a note to oneself', 'libs/domain/src/a.ts', join('// TO', 'DO later'), 'do it now'],
    ['another one', 'docs/a.md', join('FIX', 'ME'), 'do it now'],
    ['a test that alone runs', 'libs/domain/src/a.spec.ts', join('it.on', 'ly("x")'), 'run the test'],
    ['a skipped test', 'tools/a.spec.js', join('describe.sk', 'ip("x")'), 'run the test'],
    ['a crossed-out test', 'libs/a/src/a.spec.ts', join('x', 'it("x")'), 'run the test'],
    ['printing in a library', 'libs/ledger/src/a.ts', 'console.log(event)', 'a logger as a port'],
    ['a float parser', 'apps/api/src/a.ts', join('parse', 'Float(text)'), 'money parser'],
    ['a float column for money', 'libs/read-models/src/a.sql', join('amount_minor dou', 'ble precision'), 'bigint'],
    ['a path of this machine', 'apps/api/src/a.ts', join("'/wo", "rk/data'"), 'relative'],
    ['a home folder', 'docs/a.md', join('see /ho', 'me/someone/notes'), 'relative'],
    ['how it was made', 'docs/a.md', join('a sub-', 'agent wrote this'), 'about the product'],
    ['another word for a gift', 'README.zh-CN.md', join('一笔捐', '款'), '捐赠'],
    ['another word for a reversal', 'libs/domain/src/a.ts', join("zh: '撤", "销金额'"), '冲正'],
    ['another word for a till', 'docs/a.md', join('收银设', '备'), '收银终端'],
    ['another word for in transit', 'apps/cli/src/a.ts', join("'收回途", "中'"), '在途'],
    ['where packages came from', 'docs/a.md', join('from https://registry.', 'example.com/zod'), 'name and version'],
  ])('finds %s and shows what to write instead', (_, path, text, instead) => {
    const [complaint, ...more] = complaints(path, `first line\n${text}\n`);
    expect(more).toEqual([]);
    expect(complaint).toMatch(new RegExp(`^${path}:2 .*instead: .*${instead}`));
  });

  it('lets pass what only looks alike', () => {
    const text = [
      'const todos = 1;',
      'submit(x);',
      'the homework/of/today',
      'amount_minor bigint',
      'it("only", f)',
    ].join('\n');
    expect(complaints('libs/domain/src/a.ts', text)).toEqual([]);
    expect(complaints('apps/cli/src/a.ts', 'console.log(report)')).toEqual([]);
  });

  it('wants kebab-case names, but for those that everybody knows', () => {
    for (const path of ['libs/a/src/ReadMe.ts', 'libs/a/src/two_words.ts', 'apps/Api/src/a.ts', 'docs/My page.md']) {
      expect(complaints(path, '')).toEqual([expect.stringContaining('not kebab-case')]);
    }
    const fine = ['.ci/run', 'docs/adr/0001-ledger.md', 'LICENSE', 'libs/a/src/voucher.decider.spec.ts', '.gitignore'];
    for (const path of fine) expect(complaints(path, '')).toEqual([]);
    expect(complaints('libs/a/src/fixtures/Bank_Export.CSV', '')).toEqual([]);
  });

  it('wants sources of at most 350 lines, specs apart', () => {
    expect(complaints('libs/a/src/a.ts', 'x\n'.repeat(350))).toEqual([]);
    expect(complaints('libs/a/src/a.ts', 'x\n'.repeat(351))).toEqual([expect.stringContaining('longer than 350')]);
    expect(complaints('libs/a/src/a.spec.ts', 'x\n'.repeat(351))).toEqual([]);
  });

  it('follows the relative links of a page', () => {
    const page =
      '[a](b.md) [c](../c/d.md#part) [web](https://example.org) [here](#part) `[code](x.md)`\n[e]: gone.md\n';
    const there = ['docs/b.md', 'c/d.md'];
    expect(complaints('docs/page.md', page, there)).toEqual(['docs/page.md:2  the link "gone.md" leads nowhere']);
    expect(complaints('docs/page.md', page)).toHaveLength(3);
    expect(complaints('docs/page.md', '```\n[a](b.md)\n```\n')).toEqual([]);
  });

  it('wants the two commands of the README', () => {
    expect(complaints('README.md', 'npm ci && npm run demo\nnpm ci && npm test\n')).toEqual([]);
    expect(complaints('README.md', 'npm ci && npm run demo\n')).toEqual([
      expect.stringContaining('npm ci && npm test'),
    ]);
    expect(complaints('libs/a/README.md', 'about a')).toEqual([]);
  });

  it('wants no private host in the lock file', () => {
    const lock = (host) => `{\n"resolved": "https://${host}/zod/-/zod-4.0.0.tgz"\n}`;
    expect(complaints('package-lock.json', lock(join('registry.npm', 'js.org')))).toEqual([]);
    expect(complaints('package-lock.json', lock('10.0.0.7:4873'))).toEqual([expect.stringContaining('10.0.0.7:4873')]);
    expect(complaints('package-lock.json', '"resolved": "libs/domain"')).toEqual([]);
  });
});
