import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigProblem } from './config.js';
import { parseDivisionNamesOrThrow, readDivisionNamesOrThrow } from './division-names.js';

function problemsOf(file: unknown): readonly string[] {
  try {
    parseDivisionNamesOrThrow(typeof file === 'string' ? file : JSON.stringify(file));
    return [];
  } catch (fault) {
    return (fault as ConfigProblem).problems;
  }
}

describe('names of divisions', () => {
  it('are read by their codes; one in English may be missing', () => {
    const names = { '439901': { zh: '梧桐区', en: 'Wutong District' }, '439902': { zh: '望海县' } };
    expect(parseDivisionNamesOrThrow(JSON.stringify(names))).toEqual(names);
    expect(parseDivisionNamesOrThrow('{}')).toEqual({});
  });

  it('may hold markup, which is text like any other', () => {
    expect(problemsOf({ '439901': { zh: '<b>梧桐区</b>' } })).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{', 'the file is no JSON'],
    ['a list', [], 'expected record'],
    ['a code of five digits', { '43990': { zh: '区' } }, '43990: a code has 6 digits'],
    ['no Chinese name', { '439901': { en: 'Wutong' } }, '439901.zh: '],
    ['an empty name', { '439901': { zh: '' } }, '439901.zh: write 1 to 30 visible characters'],
    ['an overlong name', { '439901': { zh: '梧'.repeat(31) } }, '439901.zh: write 1 to 30 visible characters'],
    ['an overlong English name', { '439901': { zh: '区', en: 'x'.repeat(61) } }, '439901.en: write 1 to 60'],
    ['a name with a space before it', { '439901': { zh: ' 区' } }, '439901.zh: write 1 to 30'],
    ['a name on two lines', { '439901': { zh: '梧\n桐' } }, '439901.zh: write 1 to 30'],
    ['a name written backwards', { '439901': { zh: '梧\u202e桐' } }, '439901.zh: write 1 to 30'],
    ['another member', { '439901': { zh: '区', pinyin: 'qu' } }, '439901: '],
  ])('are refused with their place: %s', (_name, file, problem) => {
    const problems = problemsOf(file);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('AIDTRAIL_DIVISION_NAMES: ');
    expect(problems[0]).toContain(problem);
  });

  it('are refused where there are more than there can be, and not all faults of a file are told', () => {
    const codes = Array.from({ length: 4_001 }, (_, i) => String(100_000 + i));
    expect(problemsOf(Object.fromEntries(codes.map((code) => [code, { zh: '区' }])))).toEqual([
      'AIDTRAIL_DIVISION_NAMES: name at most 4000 divisions',
    ]);
    expect(problemsOf(Object.fromEntries(codes.map((code) => [code, {}])))).toHaveLength(10);
  });

  it('are read from a file, and a missing one is told without its path', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aidtrail-divisions-'));
    const path = join(folder, 'names.json');
    await expect(readDivisionNamesOrThrow(path)).rejects.toThrow(
      new ConfigProblem(['AIDTRAIL_DIVISION_NAMES: the file cannot be read']),
    );
    await writeFile(path, '{"439901":{"zh":"梧桐区"}}');
    expect(await readDivisionNamesOrThrow(path)).toEqual({ '439901': { zh: '梧桐区' } });
    await rm(folder, { recursive: true });
  });
});
