import { ANSWER_TYPE } from './dsse.js';
import type { Ed25519Verifier, Signer } from './ed25519.js';
import { commandIdOrThrow } from './ids.js';
import { parseCanonicalOrThrow } from './json.js';
import { closedObjectOrThrow, FORMATS, matchOrThrow, utcTimeOrThrow, versionOneOrThrow } from './shape.js';
import type { SignatureEntry } from './signature.js';
import { parseDocumentOrThrow, signDocument, verifyDocument } from './signed-document.js';

interface AnswerHead {
  readonly v: 1;
  readonly log: string;
  /** The command's id. */
  readonly command: string;
  /** SHA-256 of the command's body, base64: ties the answer to the bytes and not to the id alone. */
  readonly bodyHash: string;
}

export interface AcceptedAnswer extends AnswerHead {
  readonly accepted: {
    /** RFC 6962 leaf hash of the (first) event, base64. */
    readonly leafHash: string;
    readonly event: string;
    /** RFC 3339 in UTC: by then a published checkpoint covers the leaf. */
    readonly publishBy: string;
  };
}

export interface RefusedAnswer extends AnswerHead {
  readonly refused: { readonly code: string };
}

/** The ledger's promise (it will be published) or its final refusal for that command id. */
export type AnswerBody = AcceptedAnswer | RefusedAnswer;

export interface Answer {
  readonly body: AnswerBody;
  readonly bodyBytes: Uint8Array;
  readonly signature: SignatureEntry;
}

/** The canonical bytes of the DSSE envelope; stored, and returned verbatim to whoever asks again. */
export function signAnswer(body: AnswerBody, signer: Signer): Uint8Array {
  return signDocument(ANSWER_TYPE, answerBodyOrThrow(body), signer);
}

/** Throws `MalformedInput`; verifies nothing. */
export function parseAnswerOrThrow(bytes: Uint8Array): Answer {
  const document = parseDocumentOrThrow(ANSWER_TYPE, bytes);
  return { ...document, body: answerBodyOrThrow(parseCanonicalOrThrow(document.bodyBytes)) };
}

/** Whether the bytes are an answer signed by this key; false also for what is malformed. */
export function verifyAnswer(verifier: Ed25519Verifier, bytes: Uint8Array, publicKey: Uint8Array): boolean {
  return verifyDocument(verifier, ANSWER_TYPE, bytes, publicKey);
}

function answerBodyOrThrow(value: unknown): AnswerBody {
  const head = ['bodyHash', 'command', 'log', 'v'];
  const isRefusal = typeof value === 'object' && value !== null && Object.hasOwn(value, 'refused');
  const outcome = isRefusal ? 'refused' : 'accepted';
  const body = closedObjectOrThrow(value, 'answer', { required: [...head, outcome] });
  versionOneOrThrow(body['v'], 'answer.v');
  matchOrThrow(body['log'], 'answer.log', FORMATS.origin);
  commandIdOrThrow(body['command'], 'answer.command');
  matchOrThrow(body['bodyHash'], 'answer.bodyHash', FORMATS.hash);
  if (isRefusal) {
    const refused = closedObjectOrThrow(body['refused'], 'answer.refused', { required: ['code'] });
    matchOrThrow(refused['code'], 'answer.refused.code', FORMATS.refusalCode);
  } else {
    const names = { required: ['event', 'leafHash', 'publishBy'] };
    const accepted = closedObjectOrThrow(body['accepted'], 'answer.accepted', names);
    matchOrThrow(accepted['event'], 'answer.accepted.event', FORMATS.uuid);
    matchOrThrow(accepted['leafHash'], 'answer.accepted.leafHash', FORMATS.hash);
    utcTimeOrThrow(accepted['publishBy'], 'answer.accepted.publishBy');
  }
  return body as unknown as AnswerBody;
}
