import { concatBytes, utf8Encode } from './bytes.js';

export const COMMAND_TYPE = 'application/vnd.aidtrail.command.v1+json';
export const EVENT_TYPE = 'application/vnd.aidtrail.event.v1+json';
export const ANSWER_TYPE = 'application/vnd.aidtrail.answer.v1+json';
export const SESSION_TYPE = 'application/vnd.aidtrail.session.v1+json';

/**
 * DSSE v1 pre-authentication encoding: what is signed in place of the body, so that a signature made for one type of
 * document can never pass for another. `"DSSEv1" SP len(type) SP type SP len(body) SP body`, lengths in bytes.
 */
export function pae(type: string, body: Uint8Array): Uint8Array {
  return concatBytes(utf8Encode(paeHeader(type, body.length)), body);
}

/** What stands before the body, for a writer that has the body in place already. */
export function paeHeader(type: string, bodyLength: number): string {
  return `DSSEv1 ${utf8Encode(type).length} ${type} ${bodyLength} `;
}
