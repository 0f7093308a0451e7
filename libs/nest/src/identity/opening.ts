import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  base64DecodeOrThrow,
  isAcceptablePublicKey,
  keyIdOf,
  type CommandBody,
  type Ed25519Verifier,
  type SignedCommand,
  type Signer,
} from '@aidtrail/envelope';
import {
  addSignature,
  commandInOrThrow,
  draftDocument,
  hasSigned,
  readDocumentOrThrow,
  writeDocument,
  type CommandDocument,
} from './command-document.js';
import { IdentityProblem, readLedgerFile, readLedgerFileOrThrow, type LedgerFile } from './ledger-file.js';

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

/** `opening.json`: the command that makes leaf 0 while its roots still have to sign it. */
export type OpeningDocument = CommandDocument;

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
  return draftDocument(body);
}

/** Adds a root's signature, once; in the order of the roots whoever signs first. Throws `IdentityProblem`. */
export function signOpening(document: OpeningDocument, signer: Signer): OpeningDocument {
  rootOfOrThrow(document, signer);
  const order = termsOf(document).roots.map(({ publicKey }) => rootKeyIdOrThrow(publicKey));
  return addSignature(document, signer, order);
}

/** The officer whose key it is. Throws `IdentityProblem`. */
export function rootOfOrThrow(document: OpeningDocument, { keyId }: Pick<Signer, 'keyId'>): string {
  const root = termsOf(document).roots.find(({ publicKey }) => rootKeyIdOrThrow(publicKey) === keyId);
  if (root === undefined) throw problem('This key is none of the roots that opening.json names.');
  return root.officer;
}

/** Officers whose signature is still missing or does not verify. */
export function missingSignatures(document: OpeningDocument, verifier: Ed25519Verifier): readonly string[] {
  return termsOf(document)
    .roots.filter(({ publicKey }) => !hasSigned(document, publicKey, verifier))
    .map(({ officer }) => officer);
}

/** The finished command. Throws `IdentityProblem` `opening_pending` while a root has not signed. */
export function openingCommandOrThrow(document: OpeningDocument, verifier: Ed25519Verifier): SignedCommand {
  const missing = missingSignatures(document, verifier);
  if (missing.length > 0) {
    throw new IdentityProblem('opening_pending', `opening.json still needs the signature of: ${missing.join(', ')}.`);
  }
  return commandInOrThrow(document);
}

export function termsOf(document: OpeningDocument): OpeningTerms {
  return document.body.data as unknown as OpeningTerms;
}

export function openingPath(dataDirectory: string): string {
  return join(dataDirectory, 'opening.json');
}

/** Whether leaf 0 was drafted here. It stays when the ledger was opened. */
export function isOpeningPending(dataDirectory: string): Promise<boolean> {
  return stat(openingPath(dataDirectory)).then(
    () => true,
    () => false,
  );
}

/** Throws `IdentityProblem`: `opening_pending` while the roots still have to sign, `not_initialised` without either. */
export async function openedLedgerOrThrow(dataDirectory: string, verifier: Ed25519Verifier): Promise<LedgerFile> {
  const file = await readLedgerFile(dataDirectory);
  if (file !== undefined) return file;
  if (!(await isOpeningPending(dataDirectory))) return readLedgerFileOrThrow(dataDirectory);
  const path = openingPath(dataDirectory);
  const missing = missingSignatures(await readOpeningOrThrow(path), verifier);
  const then =
    missing.length === 0
      ? 'Every root has signed: run'
      : `${path} waits for the signature of: ${missing.join(', ')}. Then run`;
  throw new IdentityProblem(
    'opening_pending',
    `The ledger in ${dataDirectory} is not open yet. ${then} \`aidtrail init --data ${dataDirectory} --complete ${path}\`.`,
  );
}

export const writeOpening: (path: string, document: OpeningDocument) => Promise<void> = writeDocument;

/** Untrusted: the file may come from another machine. Throws `IdentityProblem` `damaged`. */
export function readOpeningOrThrow(path: string): Promise<OpeningDocument> {
  const otherwise = `${path} is not an opening that \`aidtrail init\` wrote, or it was changed since.`;
  return readDocumentOrThrow(path, { type: 'OpenLedger', otherwise });
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
