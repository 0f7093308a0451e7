import { portableVerifier as verifier } from '@aidtrail/envelope';
import { readSettings } from '../shell/server.js';
import { checkLog, type CheckOutcome, type GiftClaim } from './check-gift.js';
import { checkReceipt } from './check-receipt.js';
import { readLogAt } from './read-log.js';
import type { Step } from './step.js';
import { readPolicyFile, rememberSeen, seenOf } from './trust.js';

/** Checks against the log that the site names, and remembers its checkpoint for the next visit. */
export async function runCheck(claim: GiftClaim | undefined, onStep: (step: Step) => void): Promise<CheckOutcome> {
  const [policy, { log }] = await Promise.all([readPolicyFile(), readSettings()]);
  const outcome = await checkLog(claim, { policy, read: readLogAt(log), verifier, seen: seenOf, onStep });
  rememberSeen(outcome);
  return outcome;
}

export async function runReceiptCheck(file: Uint8Array): Promise<readonly Step[]> {
  return checkReceipt(file, { policy: await readPolicyFile(), verifier, seen: seenOf });
}
