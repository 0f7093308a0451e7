import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  base64DecodeOrThrow,
  base64Encode,
  COMMAND_TYPE,
  encodeCommandBody,
  isAcceptablePublicKey,
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

/** The terms of leaf 0 that never change; docs/reference/commands.md, OpenLedger. */
export interface OpeningTerms {
  readonly origin: string;
  readonly roots: readonly { readonly officer: string; readonly publicKey: string }[];
  readonly eventKey: string;
  readonly checkpointVkey: string;
  readonly utcOffsetMinutes: number;
  readonly currency: string;
  readonly openingDay: string;
  readonly k: number;
  readonly demo?: boolean;
}

/**
 * `opening.json`: the command that makes leaf 0 while its roots still have to sign it. It goes from root to root, also
 * on machines without a network; `body` is for people to read, `payload` (base64) is what is signed.
 */
export interface OpeningDocument {
  readonly payloadType: typeof COMMAND_TYPE;
  readonly payload: string;
  readonly body: CommandBody;
  readonly signatures: readonly SignatureEntry[];
}

const EMPTY_ROOT = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

/** The command to sign; the first root is its actor. Throws `MalformedInput`. */
export function draftOpening(terms: OpeningTerms, commandId: string): OpeningDocument {
  const [first] = terms.roots;
  if (first === undefined || terms.roots.length < 2) throw problem('A ledger needs at least two root keys.');
  const keyIds = terms.roots.map(({ publicKey }) => rootKeyIdOrThrow(publicKey));
  if (new Set(keyIds).size !== keyIds.length) throw problem('Two root keys are the same. Give each officer his own.');
  const body: CommandBody = {
    v: 1,
    log: terms.origin,
    type: 'OpenLedger',
    id: commandId,
    key: rootKeyIdOrThrow(first.publicKey),
    anchor: { size: 0, root: EMPTY_ROOT },
    data: terms as unknown as CommandBody['data'],
  };
  return { payloadType: COMMAND_TYPE, payload: base64Encode(encodeCommandBody(body)), body, signatures: [] };
}

/** Adds a root's signature, once; in the order of the roots whoever signs first. Throws `IdentityProblem`. */
export function signOpening(document: OpeningDocument, signer: Signer): OpeningDocument {
  const order = termsOf(document).roots.map(({ publicKey }) => rootKeyIdOrThrow(publicKey));
  if (!order.includes(signer.keyId)) throw problem('This key is none of the roots that opening.json names.');
  const others = document.signatures.filter(({ key }) => key !== signer.keyId);
  const own = signBody(COMMAND_TYPE, base64DecodeOrThrow(document.payload), signer);
  const signatures = [...others, own].sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
  return { ...document, signatures };
}

/** Officers whose signature is still missing or does not verify. */
export function missingSignatures(document: OpeningDocument, verifier: Ed25519Verifier): readonly string[] {
  const payload = base64DecodeOrThrow(document.payload);
  return termsOf(document)
    .roots.filter(({ publicKey }) => {
      const key = base64DecodeOrThrow(publicKey);
      const entry = document.signatures.find((candidate) => candidate.key === keyIdOf(key));
      return (
        entry === undefined || !verifySignature(verifier, COMMAND_TYPE, payload, { publicKey: key, sig: entry.sig })
      );
    })
    .map(({ officer }) => officer);
}

/** The finished command. Throws `IdentityProblem` `opening_pending` while a root has not signed. */
export function openingCommandOrThrow(document: OpeningDocument, verifier: Ed25519Verifier): SignedCommand {
  const missing = missingSignatures(document, verifier);
  if (missing.length > 0) {
    throw new IdentityProblem('opening_pending', `opening.json still needs the signature of: ${missing.join(', ')}.`);
  }
  const { payloadType, payload, signatures } = document;
  return parseCommandEnvelopeOrThrow({
    payloadType,
    payload,
    signatures: signatures.map(({ key, sig }) => ({ keyid: key, sig })),
  });
}

export function termsOf(document: OpeningDocument): OpeningTerms {
  return document.body.data as unknown as OpeningTerms;
}

export function openingPath(dataDirectory: string): string {
  return join(dataDirectory, 'opening.json');
}

export async function writeOpening(path: string, document: OpeningDocument): Promise<void> {
  const { signatures, ...rest } = document;
  const envelope = { ...rest, signatures: signatures.map(({ key, sig }) => ({ keyid: key, sig })) };
  await writeWhole(path, `${JSON.stringify(envelope, undefined, 2)}\n`);
}

/** Untrusted: the file may come from another machine. Only `payload` counts; `body` must say the same. */
export async function readOpeningOrThrow(path: string): Promise<OpeningDocument> {
  const value = jsonOrUndefined(await readFile(path, 'utf8')) as Record<string, unknown> | undefined;
  try {
    const payload = value?.['payload'] as string;
    const body = parseCommandBodyOrThrow(base64DecodeOrThrow(payload));
    const signatures = (value?.['signatures'] as { keyid: string; sig: string }[]).map(({ keyid, sig }) => ({
      key: keyid,
      sig,
    }));
    if (body.type !== 'OpenLedger' || value?.['payloadType'] !== COMMAND_TYPE) throw problem('');
    if (base64Encode(encodeCommandBody(value['body'] as CommandBody)) !== payload) throw problem('');
    return { payloadType: COMMAND_TYPE, payload, body, signatures };
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof MalformedInput || error instanceof IdentityProblem))
      throw error;
    throw problem(`${path} is not an opening that \`aidtrail init\` wrote, or it was changed since.`);
  }
}

function rootKeyIdOrThrow(publicKey: string): string {
  let bytes: Uint8Array;
  try {
    bytes = base64DecodeOrThrow(publicKey);
  } catch {
    throw problem('A root key is not base64.');
  }
  if (!isAcceptablePublicKey(bytes)) throw problem('A root key is no acceptable Ed25519 public key of 32 bytes.');
  return keyIdOf(bytes);
}

function problem(message: string): IdentityProblem {
  return new IdentityProblem('damaged', message);
}
