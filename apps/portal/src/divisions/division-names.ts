import type { Language } from '../language/words.js';
import { recordOf, textOf } from '../shell/shapes.js';
import { provinces } from './provinces.js';

/** What the operator calls a county. A label: the ledger signs the code. */
interface DivisionName {
  readonly zh: string;
  readonly en: string | undefined;
}

export type DivisionNames = ReadonlyMap<string, DivisionName>;

/** In characters; what is longer would push everything else out of its place. */
const LONGEST = 60;

/** Control characters, and those that change the direction of writing: a name with one could make the code beside it look like another. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/**
 * Untrusted: `division-names.json`, which any host of the site may have written. What is no name of a code is left out, and its
 * code is shown instead.
 */
export function readDivisionNames(value: unknown): DivisionNames | undefined {
  const file = recordOf(value);
  if (file === undefined) return undefined;
  const names = new Map<string, DivisionName>();
  for (const [code, one] of Object.entries(file)) {
    const [zh, en] = [nameOf(recordOf(one)?.['zh']), nameOf(recordOf(one)?.['en'])];
    if (/^\d{6}$/.test(code) && zh !== undefined) names.set(code, { zh, en });
  }
  return names;
}

function nameOf(value: unknown): string | undefined {
  const text = textOf(value)?.trim();
  if (text === undefined || text === '' || [...text].length > LONGEST || UNSEEN.test(text)) return undefined;
  return text;
}

/**
 * Untrusted: the code. By the operator's name; without one by the province, which the first two digits name; undefined for a
 * code of no province. A county without an English name keeps its Chinese one.
 */
export function divisionName(code: string, language: Language, names: DivisionNames): string | undefined {
  const named = names.get(code);
  if (named !== undefined) return language === 'zh' ? named.zh : (named.en ?? named.zh);
  const prefix = /^(\d\d)\d{4}$/.exec(code)?.[1] ?? '';
  const province = Object.hasOwn(provinces, prefix) ? provinces[prefix] : undefined;
  return province?.[language === 'zh' ? 0 : 1];
}
