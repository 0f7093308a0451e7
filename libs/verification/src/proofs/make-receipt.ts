import { parseLeafOrThrow, requireDisclosuresMatch, utf8DecodeOrThrow } from '@aidtrail/envelope';
import {
  createTreeHasher,
  openWitnessedCheckpointOrThrow,
  proveInclusionOrThrow,
  readEntryOrThrow,
  type ReadLogFile,
} from '@aidtrail/public-log';
import { digestsOf, formatReceipt, type ReceiptTrust } from './receipt.js';

/** The file, below a log's prefix, with the newest checkpoint that met the quorum of the ledger's own policy. */
export const WITNESSED_CHECKPOINT = 'witnessed-checkpoint';
/** The file with the newest checkpoint, and the cosignatures that it has so far. */
export const NEWEST_CHECKPOINT = 'checkpoint';

/** There is no checkpoint yet that covers the event and has the policy's quorum: nothing to give a receipt for. */
export class NotWitnessedYet extends Error {
  override readonly name = 'NotWitnessedYet';

  /** `size`: of the newest witnessed checkpoint; undefined if there is none at all. */
  constructor(index: number, size?: number) {
    super(
      size === undefined
        ? 'There is no checkpoint. Make sure that this is a published log: the file named checkpoint stands directly in it.'
        : `No witnessed checkpoint covers index ${index} yet: the newest one covers ${size} events. If the event is ` +
            'accepted, try again after the next one.',
    );
  }
}

/**
 * Untrusted: what `read` gives. Makes the receipt of one event from the files of a published log, with the disclosures
 * that are to be shown. Throws NotWitnessedYet; MalformedInput and NoteRejected where the log's files, its checkpoint or
 * the disclosures are not what the policy and the leaf ask for.
 */
export async function makeReceiptOrThrow(
  read: ReadLogFile,
  { index, disclosures }: { readonly index: number; readonly disclosures: readonly string[] },
  { policy, verifier, sha256 }: ReceiptTrust,
): Promise<string> {
  const note = (await read(WITNESSED_CHECKPOINT)) ?? (await read(NEWEST_CHECKPOINT));
  if (note === undefined) throw new NotWitnessedYet(index);
  const { checkpoint } = openWitnessedCheckpointOrThrow(note, policy, verifier);
  if (index >= checkpoint.size) throw new NotWitnessedYet(index, checkpoint.size);
  const leaf = await readEntryOrThrow(read, { index, size: checkpoint.size });
  const hasher = createTreeHasher(sha256);
  const leafHash = hasher.leafHash(leaf);
  const proof = await proveInclusionOrThrow(read, { index, leafHash, checkpoint }, hasher);
  requireDisclosuresMatch(disclosures, digestsOf(parseLeafOrThrow(leaf)), sha256);
  return formatReceipt({ index, leaf, disclosures, proof, checkpoint: utf8DecodeOrThrow(note) });
}
