import { describe, expect, it } from '@jest/globals';
import { commonTargetGroups } from '@aidtrail/privacy';
import { groupFor } from './codes.js';

describe('target groups', () => {
  it('that rosters have codes for have a name in both languages', () => {
    for (const { code } of commonTargetGroups) {
      expect(groupFor(code, 'zh')).toMatch(/^\p{Script=Han}+$/u);
      expect(groupFor(code, 'en')).toMatch(/^[A-Z][a-z ]+$/);
    }
  });

  it.each(['miners', '__proto__', '<b>'])('that a programme brought along are shown by their code: %s', (code) => {
    expect(groupFor(code, 'zh')).toBe(code);
    expect(groupFor(code, 'en')).toBe(code);
  });
});
