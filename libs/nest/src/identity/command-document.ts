import { readFile } from 'node:fs/promises';
import {
  base64DecodeOrThrow,
  base64Encode,
  COMMAND_TYPE,
  encodeCommandBody,
  keyIdOf,
  MalformedInput,
  parseCommandBodyOrThrow,
  parseCommandEnvelopeOrThrow,
  signBody,
  verifySignature,
  type CommandBody,
  type Ed25519Verifier,
  type SignatureEntry,
  type SignedCommand,
  type Signer,
} from '@aidtrail/envelope';
import { IdentityProblem, jsonOrUndefined, writeWhole } from './ledger-file.js';

/**
 * A command while root officers still have to sign it. It goes from one to the other as a file, also on machines without a
 * network; `body` is for people to read, `payload` (base64) is what is signed.
 */
export interface CommandDocument {
  readonly payloadType: typeof COMMAND_TYPE;
  readonly payload: string;
  readonly body: CommandBody;
  readonly signatures: readonly SignatureEntry[];
}

/** Throws `MalformedInput` for a body that no reader would accept. */
export function draftDocument(body: CommandBody): CommandDocument {
  return { payloadType: COMMAND_TYPE, payload: base64Encode(encodeCommandBody(body)), body, signatures: [] };
}

/** Adds a signature, once; the body's own key comes first, then the others by `order`, a list of key ids. */
export function addSignature(document: CommandDocument, signer: Signer, order: readonly string[]): CommandDocument {
  const others = document.signatures.filter(({ key }) => key !== signer.keyId);
  const own = signBody(COMMAND_TYPE, base64DecodeOrThrow(document.payload), signer);
  const placeOf = ({ key }: SignatureEntry) => (key === document.body.key ? -1 : order.indexOf(key));
  return { ...document, signatures: [...others, own].sort((a, b) => placeOf(a) - placeOf(b)) };
}

/** Whether this key has signed; `publicKey` in base64. */
export function hasSigned(document: CommandDocument, publicKey: string, verifier: Ed25519Verifier): boolean {
  const key = base64DecodeOrThrow(publicKey);
  const entry = document.signatures.find((candidate) => candidate.key === keyIdOf(key));
  const payload = base64DecodeOrThrow(document.payload);
  return entry !== undefined && verifySignature(verifier, COMMAND_TYPE, payload, { publicKey: key, sig: entry.sig });
}

/** Throws `MalformedInput`, for instance while the body's own key has not signed. */
export function commandInOrThrow({ payloadType, payload, signatures }: CommandDocument): SignedCommand {
  return parseCommandEnvelopeOrThrow({ payloadType, payload, signatures: signaturesOnWire(signatures) });
}

export async function writeDocument(path: string, document: CommandDocument): Promise<void> {
  const envelope = { ...document, signatures: signaturesOnWire(document.signatures) };
  await writeWhole(path, `${JSON.stringify(envelope, undefined, 2)}\n`);
}

/**
 * Untrusted: the file may come from another machine. Only `payload` counts; `body` must say the same. Throws
 * `IdentityProblem` `damaged` with the given words unless it is a document of this type of command.
 */
export async function readDocumentOrThrow(
  path: string,
  { type, otherwise }: { readonly type: string; readonly otherwise: string },
): Promise<CommandDocument> {
  const value = jsonOrUndefined(await readFile(path, 'utf8')) as Record<string, unknown> | undefined;
  const damaged = () => new IdentityProblem('damaged', otherwise);
  try {
    const payload = value?.['payload'] as string;
    const body = parseCommandBodyOrThrow(base64DecodeOrThrow(payload));
    const signatures = (value?.['signatures'] as { keyid: string; sig: string }[]).map(({ keyid, sig }) => ({
      key: keyid,
      sig,
    }));
    if (body.type !== type || value?.['payloadType'] !== COMMAND_TYPE) throw damaged();
    if (base64Encode(encodeCommandBody(value['body'] as CommandBody)) !== payload) throw damaged();
    return { payloadType: COMMAND_TYPE, payload, body, signatures };
  } catch (error) {
    if (error instanceof TypeError || error instanceof MalformedInput) throw damaged();
    throw error;
  }
}

function signaturesOnWire(signatures: readonly SignatureEntry[]) {
  return signatures.map(({ key, sig }) => ({ keyid: key, sig }));
}
