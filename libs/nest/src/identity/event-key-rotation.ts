import { randomBytes, randomUUID } from 'node:crypto';
import { link, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createKeyFile, KeyFileProblem, readKeyFileOrThrow, sodiumSigner, sodiumVerifier } from '@aidtrail/crypto-node';
import { base64DecodeOrThrow, base64Encode, keyIdOf, type Signer } from '@aidtrail/envelope';
import type { Config } from '../config/config.js';
import { openSystem, type System } from '../system/system.js';
import {
  addSignature,
  commandInOrThrow,
  draftDocument,
  hasSigned,
  readDocumentOrThrow,
  writeDocument,
  type CommandDocument,
} from './command-document.js';
import { IdentityProblem, readLedgerFileOrThrow } from './ledger-file.js';
import { keyFilePath } from './server-keys.js';

interface Root {
  readonly officer: string;
  readonly publicKey: string;
}

interface OpenLedgerState {
  readonly eventKey: string;
  readonly roots: readonly Root[];
}

/**
 * Makes the next event key, in a file beside the present one, and writes the command that two roots have to sign:
 * `rotation.json`. Its first signature is that of `officer`, by default the first root. Drafting again, when an anchor
 * went stale, keeps the next key. Nothing in the ledger has changed yet.
 */
export async function draftRotation(
  config: Config,
  { officer }: { readonly officer?: string | undefined } = {},
): Promise<{ readonly rotationFile: string; readonly publicKey: string; readonly firstOfficer: string }> {
  await readLedgerFileOrThrow(config.dataDirectory);
  const next = keyFilePath(config.dataDirectory, NEXT);
  await createKeyFile(next, 'ed25519-seed', randomBytes(32)).catch((error: unknown) => {
    if (!(error instanceof KeyFileProblem && error.code === 'exists')) throw error;
  });
  const publicKey = base64Encode((await signerIn(next)).publicKey);
  return inside(config, async (system) => {
    const { roots } = await ledgerState(system);
    const first = officer === undefined ? roots[0] : roots.find((root) => root.officer === officer);
    if (first === undefined) {
      const names = roots.map((root) => root.officer).join(', ');
      throw new IdentityProblem('damaged', `No root officer has that name. They are: ${names}.`);
    }
    const { size, root } = await system.ledger.latestCheckpoint();
    const document = draftDocument({
      v: 1,
      log: system.file.origin,
      type: 'RotateEventKey',
      id: randomUUID(),
      key: keyIdOf(base64DecodeOrThrow(first.publicKey)),
      anchor: { size, root },
      data: { publicKey },
    });
    const rotationFile = join(config.dataDirectory, 'rotation.json');
    await writeDocument(rotationFile, document);
    return { rotationFile, publicKey, firstOfficer: first.officer };
  });
}

/**
 * Needs neither server nor network. Whether the key is a root's, only the ledger knows: see `completeRotation`. `agree` is
 * shown what was read before it is signed, and throws if it shall not be.
 */
export async function signRotation(
  path: string,
  signer: Signer,
  agree: (document: CommandDocument) => Promise<void> = () => Promise.resolve(),
): Promise<CommandDocument> {
  const document = await readRotationOrThrow(path);
  await agree(document);
  const order = [...document.signatures.map(({ key }) => key), signer.keyId];
  const signed = addSignature(document, signer, order);
  await writeDocument(path, signed);
  return signed;
}

export type RotationResult = 'rotated' | 'already_rotated';

/**
 * Hands the signed rotation in and puts the new key in the old one's place; no server may run on the ledger meanwhile. The
 * event is signed by the old key, everything after it by the new one. It may be repeated after a crash at any point: what
 * the ledger holds decides what is left to do. The old key stays in `keys/event-retired-<key id>.key`.
 * Throws `IdentityProblem` `opening_pending` while signatures are missing: a refusal would be final for the command.
 */
export async function completeRotation(config: Config, path: string): Promise<RotationResult> {
  const document = await readRotationOrThrow(path);
  const { publicKey } = document.body.data as { readonly publicKey?: string };
  const present = keyFilePath(config.dataDirectory, 'event');
  const retired = await signerIn(present);
  if (base64Encode(retired.publicKey) === publicKey) return 'already_rotated';
  const next = keyFilePath(config.dataDirectory, NEXT);
  if (base64Encode((await signerIn(next)).publicKey) !== publicKey) {
    throw new IdentityProblem('other_ledger', `${next} is not the key that ${path} names. Draft the rotation again.`);
  }
  await inside(config, async (system) => {
    const state = await ledgerState(system);
    if (state.eventKey !== publicKey) await handIn(system, document, state.roots);
    await system.ledger.checkpoint({ force: true });
  });
  // First a second name for the old key, then one rename: at every moment there is an event.key.
  const kept = keyFilePath(config.dataDirectory, `event-retired-${retired.keyId.slice(0, 8)}`);
  await link(present, kept).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rename(next, present);
  return 'rotated';
}

async function handIn(system: System, document: CommandDocument, roots: readonly Root[]): Promise<void> {
  const signed = roots.filter(({ publicKey }) => hasSigned(document, publicKey, sodiumVerifier));
  const isActor = ({ publicKey }: Root) => keyIdOf(base64DecodeOrThrow(publicKey)) === document.body.key;
  const isComplete = signed.length >= 2 && signed.some(isActor) && signed.length === document.signatures.length;
  if (!isComplete) {
    const first = roots.find(isActor)?.officer ?? 'a root that the ledger no longer knows';
    throw new IdentityProblem(
      'opening_pending',
      `The rotation needs the signatures of ${first} and of one other root, and of nobody else. ` +
        `It has: ${signed.map(({ officer }) => officer).join(', ') || 'none'}.`,
    );
  }
  const result = await system.ledger.handle(commandInOrThrow(document));
  if (result.kind === 'accepted') return;
  throw new IdentityProblem('other_ledger', `The ledger did not take the rotation: ${result.code}. Draft it again.`);
}

const NEXT = 'event-next';

function readRotationOrThrow(path: string): Promise<CommandDocument> {
  const otherwise = `${path} is not a rotation that \`aidtrail keys rotate-event-key\` wrote, or it was changed since.`;
  return readDocumentOrThrow(path, { type: 'RotateEventKey', otherwise });
}

async function signerIn(path: string): Promise<Signer> {
  return sodiumSigner(await readKeyFileOrThrow(path, 'ed25519-seed'));
}

async function ledgerState(system: System): Promise<OpenLedgerState> {
  return (await system.ledger.stateOf('ledger-main')).state as OpenLedgerState;
}

async function inside<T>(config: Config, work: (system: System) => Promise<T>): Promise<T> {
  const system = await openSystem(config, { acceptRetiredEventKey: true });
  try {
    return await work(system);
  } finally {
    await system.close();
  }
}
