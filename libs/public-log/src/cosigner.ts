import type { Signer } from '@aidtrail/envelope';
import { cosignedMessage, encodeCosignature } from './cosignature.js';
import type { NoteSignature } from './signed-note.js';
import { cosignerKeyOrThrow, type NoteKey } from './vkey.js';

/** A witness's key, ready to cosign checkpoints. */
export interface Cosigner {
  readonly key: NoteKey;
  /** `text` is the checkpoint's whole note text, `time` whole POSIX seconds; throws RangeError for another time. */
  cosign(text: string, time: number): NoteSignature;
}

/** Cosigns under `name`; throws MalformedInput for a name that no key can have. */
export function createCosigner(name: string, signer: Signer): Cosigner {
  const key = cosignerKeyOrThrow(name, signer.publicKey);
  return {
    key,
    cosign: (text, time) => {
      const signature = signer.sign(cosignedMessage(text, time));
      return { name, keyId: key.keyId, signature: encodeCosignature({ time, signature }) };
    },
  };
}
