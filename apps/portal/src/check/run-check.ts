import { portableVerifier as verifier } from '@aidtrail/envelope';
import { readSettings, readTerms } from '../shell/server.js';
import { checkFigures, type FiguresClaim } from './check-figures.js';
import { checkLog, type CheckOutcome, type GiftClaim } from './check-gift.js';
import { checkReceipt } from './check-receipt.js';
import { readLogAt } from './read-log.js';
import type { Step } from './step.js';
import { readPolicyFile, rememberSeen, seenOf } from './trust.js';

/** What is to be checked under the newest checkpoint: a gift, a publication of figures, or nothing else. */
export type Claim = GiftClaim | FiguresClaim;

/** Checks against the log that the site names, and remembers its checkpoint for the next visit. */
export async function runCheck(claim: Claim | undefined, onStep: (step: Step) => void): Promise<CheckOutcome> {
  const [policy, { log }, terms, ownHosts] = await Promise.all([
    readPolicyFile(),
    readSettings(),
    readTerms(),
    hostsOfSite(),
  ]);
  const keyLeaves = terms.kind === 'answered' ? terms.value.keyLeaves : [];
  const tools = { policy, read: readLogAt(log), verifier, ownHosts, seen: seenOf, keyLeaves, onStep };
  const outcome =
    claim !== undefined && 'document' in claim ? await checkFigures(claim, tools) : await checkLog(claim, tools);
  rememberSeen(outcome);
  return outcome;
}

export async function runReceiptCheck(file: Uint8Array): Promise<readonly Step[]> {
  return checkReceipt(file, { policy: await readPolicyFile(), verifier, ownHosts: await hostsOfSite(), seen: seenOf });
}

/** Of the page, the api and the log: whoever is behind them cannot be a witness of the log. */
async function hostsOfSite(): Promise<readonly string[]> {
  const { api, log } = await readSettings();
  return [location.host, log.host, ...(api === undefined ? [] : [api.host])];
}

export { takeOwnPolicyOrThrow } from './trust.js';
