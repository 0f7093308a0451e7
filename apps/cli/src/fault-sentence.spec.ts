import { mkdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { faultSentence } from './fault-sentence.js';

const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => new Error('It did not fail.'),
    (fault: unknown) => fault as Error,
  );
const withCode = (code: string) =>
  Object.assign(new Error(`${code}: no such thing, open 'x'`), { code, path: '/data/x' });

describe('what the system says', () => {
  it.each(['ENOENT', 'ENOTDIR', 'EEXIST', 'EISDIR', 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ECONNREFUSED', 'ENOTFOUND'])(
    '%s is a sentence that says what to do, without the code',
    (code) => {
      const sentence = faultSentence(withCode(code));
      expect(sentence).toMatch(/^[A-Z/].*\. [A-Z].*\.$/);
      expect(sentence).not.toContain(code);
    },
  );

  it('names the path where there is one', async () => {
    expect(faultSentence(await faultOf(readFile('/nowhere/ledger.json')))).toContain('/nowhere/ledger.json');
    expect(faultSentence(await faultOf(mkdir('/dev/null/x')))).toContain('/dev/null/x');
  });

  it('is told as it is where nothing better is known, and is never empty', () => {
    expect(faultSentence(new Error('The store is gone.'))).toBe('The store is gone.');
    expect(faultSentence(new AggregateError([]))).toMatch(/\.$/);
  });
});
