import { describe, expect, it } from '@jest/globals';
import { divisionName, readDivisionNames, type DivisionNames } from './division-names.js';
import { provinces } from './provinces.js';

const none: DivisionNames = new Map();
const named = readDivisionNames({
  '439901': { zh: '梧桐区', en: 'Wutong District' },
  '439902': { zh: '望海县' },
}) as DivisionNames;

describe('the name of a county', () => {
  it('is the one that the operator gives, in Chinese where there is no English one', () => {
    expect(divisionName('439901', 'zh', named)).toBe('梧桐区');
    expect(divisionName('439901', 'en', named)).toBe('Wutong District');
    expect(divisionName('439902', 'en', named)).toBe('望海县');
  });

  it('is the province where the operator gives none, as from a host that has no names', () => {
    expect(divisionName('439903', 'zh', named)).toBe('湖南省');
    expect(divisionName('520102', 'en', none)).toBe('Guizhou');
  });

  it.each(['990000', '43990', '4399011', '', '__proto__', 'constructor'])('is none for what is no code: %s', (code) =>
    expect(divisionName(code, 'zh', named)).toBeUndefined(),
  );

  it('has 34 provinces, each with a name in both languages', () => {
    expect(Object.keys(provinces)).toHaveLength(34);
    for (const [code, [zh, en]] of Object.entries(provinces)) {
      expect(code).toMatch(/^[1-8][1-7]|50$/);
      expect(zh).toMatch(/^\p{Script=Han}+(省|市|自治区|特别行政区)$/u);
      expect(en).toMatch(/^[A-Z][a-z]+/);
    }
    expect(new Set(Object.values(provinces).map(([, en]) => en)).size).toBe(34);
  });
});

describe('a file of names', () => {
  it('is read as far as it is understood', () => {
    const read = readDivisionNames({
      '439901': { zh: ' 梧桐区 ', en: 7 },
      '439902': { zh: '长'.repeat(61) },
      '439903': { en: 'no Chinese' },
      '439904': '梧桐区',
      abc: { zh: '区' },
      __proto__: { zh: '区' },
    });
    expect([...(read ?? [])]).toEqual([['439901', { zh: '梧桐区', en: undefined }]]);
  });

  it.each([
    ['turns what follows around', '梧桐区\u202E'],
    ['turns itself around', '\u202E区桐梧\u202C'],
    ['opens an isolate', '梧桐区\u2067'],
    ['is marked from right to left', '梧桐\u200F区'],
    ['has a space without width', '梧桐\u200B区'],
    ['breaks the line', '梧桐\n区'],
    ['separates lines', '梧桐\u2028区'],
    ['separates paragraphs', '梧桐\u2029区'],
    ['has a control character', '梧桐\u0085区'],
  ])('leaves out a name that %s, and keeps the others', (_name, zh) => {
    const read = readDivisionNames({
      '439901': { zh },
      '439902': { zh: '望海县', en: zh },
      '439903': { zh: '青溪县' },
    });
    expect([...(read ?? [])]).toEqual([
      ['439902', { zh: '望海县', en: undefined }],
      ['439903', { zh: '青溪县', en: undefined }],
    ]);
  });

  it.each([undefined, null, 'x', 7, []])('is none: %p', (value) => expect(readDivisionNames(value)).toBeUndefined());
});
