import { sodiumVerifier } from '@aidtrail/crypto-node';
import { base64DecodeOrThrow, base64Encode, parseLeafOrThrow, verifyLeafSignature } from '@aidtrail/envelope';
import type { Ledger } from '@aidtrail/ledger';
import { IdentityProblem, type LedgerFile } from '../identity/ledger-file.js';

/**
 * Refuses a store that is not this ledger's: another data directory's database, or an empty one after a failed restore.
 * Going on would sign a second history, or change tables that are somebody else's. `firstEvent` are the bytes at position
 * 0. Throws `IdentityProblem` `other_ledger`.
 */
export function requireOwnStore(firstEvent: Uint8Array | undefined, file: LedgerFile): void {
  if (firstEvent === undefined) {
    throw other(
      `The event store is empty, but ${file.origin} was opened before. If its events are elsewhere (AIDTRAIL_STORE, ` +
        'DATABASE_URL), name that; if this is the place, restore it from a backup.',
    );
  }
  const leaf = parseLeafOrThrow(firstEvent);
  const opened = leaf.data as { readonly eventKey?: string; readonly checkpointVkey?: string; readonly demo?: boolean };
  if (leaf.type !== 'LedgerOpened' || leaf.log !== file.origin) {
    throw other(`The event store holds the ledger ${leaf.log}, but ledger.json is of ${file.origin}.`);
  }
  if (opened.eventKey !== file.eventKey || opened.checkpointVkey !== file.checkpointVkey) {
    throw other('The keys that leaf 0 names are not those of ledger.json. Restore the keys of this ledger.');
  }
  if ((opened.demo === true) !== file.demo) {
    throw other('Leaf 0 and ledger.json do not agree whether this is a demo ledger. Restore ledger.json.');
  }
  if (!verifyLeafSignature(sodiumVerifier, leaf, base64DecodeOrThrow(file.eventKey))) {
    throw other('Leaf 0 is not signed by the event key that it names. Do not go on; ask an auditor.');
  }
}

/** Refuses to sign with a key that is not, or no longer, the ledger's. Throws `IdentityProblem` `other_ledger`. */
export async function requireCurrentEventKey(ledger: Ledger, eventKey: Uint8Array): Promise<void> {
  const { state } = await ledger.stateOf('ledger-main');
  if ((state as { readonly eventKey?: string }).eventKey !== base64Encode(eventKey)) {
    throw other('keys/event.key is not the current event key of this ledger. Put the rotated key in its place.');
  }
}

function other(message: string): IdentityProblem {
  return new IdentityProblem('other_ledger', message);
}
