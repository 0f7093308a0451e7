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
  return concatBytes(typePrefix(type), utf8Encode(`${body.length} `), body);
}

const prefixes = new Map<string, Uint8Array>(
  [COMMAND_TYPE, EVENT_TYPE, ANSWER_TYPE, SESSION_TYPE].map((type) => [type, encodePrefix(type)]),
);

function typePrefix(type: string): Uint8Array {
  return prefixes.get(type) ?? encodePrefix(type);
}

function encodePrefix(type: string): Uint8Array {
  const typeBytes = utf8Encode(type);
  return concatBytes(utf8Encode(`DSSEv1 ${typeBytes.length} `), typeBytes, utf8Encode(' '));
}
