import { beforeAll, describe, expect, it } from '@jest/globals';
import type { FindingCode } from '../findings/finding.js';
import { checkLeaves, openLeavesOf, type OpenLeaf } from './folding.testing.js';
import { fullLife } from './full-life.testing.js';
import { LogInHand } from './log-in-hand.testing.js';

/** What somebody did to a log. */
export interface Case {
  readonly what: string;
  readonly tamper: (log: LogInHand) => void;
  /** Nothing else is found, so that the finding tells just what was done. */
  readonly isAlone?: true;
  /** Only disclosures show it. */
  readonly isPrivate?: true;
}

/** An id that no event and no stream has, and a hash that nothing has. */
export const nowhere = '00000000-0000-4000-8000-0000000000aa';
export const noHash = 'A'.repeat(43) + '=';

/** Each case brings about the finding under whose code it stands, in a log that has none. */
export function describeTampering(cases: Readonly<Partial<Record<FindingCode, readonly Case[]>>>): void {
  let leaves: { readonly public: readonly OpenLeaf[]; readonly disclosed: readonly OpenLeaf[] };

  beforeAll(async () => {
    leaves = await openLeavesOf(await fullLife());
  });

  describe.each(Object.entries(cases))('%s', (code, ofCode) => {
    it.each(ofCode.map((one) => [one.what, one] as const))('if %s', (_, { tamper, isAlone, isPrivate }) => {
      const all = found(tamper, leaves.disclosed, true);
      if (isAlone === true) expect(all).toStrictEqual([code]);
      else expect(all).toContain(code);
      const inPublic = found(tamper, leaves.public, false);
      if (isPrivate === true) expect(inPublic).not.toContain(code);
      else expect(inPublic).toContain(code);
    });
  });
}

function found(tamper: Case['tamper'], from: readonly OpenLeaf[], hasDisclosures: boolean): readonly FindingCode[] {
  const log = new LogInHand(from);
  tamper(log);
  const { findings } = checkLeaves(log.leaves, hasDisclosures);
  return [...new Set(findings.map(({ code }) => code))];
}
