import { expect, it } from '@jest/globals';
import { sha1, sha256 } from '@aidtrail/envelope';
import { createLedgerHarness } from '@aidtrail/testing/ledger';
import { leavesOf, verifier } from '@aidtrail/testing/reading';
import { openRelief } from '@aidtrail/testing/relief';
import type { Finding } from '../findings/finding.js';
import { LedgerAudit } from './ledger-audit.js';
it('finds nothing wrong with a log that the ledger wrote', async () => {
  const h = await createLedgerHarness();
  await openRelief(h);
  const findings: Finding[] = [];
  const audit = new LedgerAudit({
    origin: h.origin,
    sha256,
    sha1,
    report: (f) => findings.push(f),
    onSignature: (j) => {
      if (!verifier.verify(j)) throw new Error('sig');
    },
  });
  for (const { stored } of await leavesOf(h.store)) audit.take(stored.bytes);
  expect(findings).toStrictEqual([]);
  expect(audit.end()).toMatchObject({ leaves: 30, signatures: { ledger: 30, actor: 30, second: 1 } });
});
