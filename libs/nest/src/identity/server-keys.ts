import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createKeyFile, readKeyFileOrThrow, sodiumSigner, type KeyFileKind } from '@aidtrail/crypto-node';
import { makeFolder } from '@aidtrail/data-directory';
import type { Signer } from '@aidtrail/envelope';

/** What the server alone holds. Every value has 32 bytes and a file of its own, mode 600, under `<data>/keys`. */
export interface ServerKeys {
  readonly eventSeed: Uint8Array;
  readonly eventSigner: Signer;
  /** The key of the checkpoints; another than the event key, so that the one can be changed without the other. */
  readonly checkpointSigner: Signer;
  /** Keys of streams and ids of settlements and donations are derived from it. */
  readonly ledgerSecret: Uint8Array;
  /** Wraps the keys of people and donations. */
  readonly registryMasterKey: Uint8Array;
  /** Key of the digests that recognise a person; version 1. */
  readonly pepper: Uint8Array;
}

const files: Readonly<Record<'event' | 'checkpoint' | 'ledger-secret' | 'registry-master' | 'pepper-1', KeyFileKind>> =
  {
    event: 'ed25519-seed',
    checkpoint: 'ed25519-seed',
    'ledger-secret': 'secret',
    'registry-master': 'secret',
    'pepper-1': 'secret',
  };
type KeyName = keyof typeof files;

export function keyFilePath(dataDirectory: string, name: string): string {
  return join(dataDirectory, 'keys', `${name}.key`);
}

/** Writes all key files. Throws `KeyFileProblem` `exists` rather than replace one. */
export async function createServerKeys(
  dataDirectory: string,
  randomBytes: (count: number) => Uint8Array,
): Promise<ServerKeys> {
  await makeFolder(resolve(dataDirectory, 'keys'), 0o700);
  for (const name of Object.keys(files) as KeyName[]) {
    await createKeyFile(keyFilePath(dataDirectory, name), files[name], randomBytes(32));
  }
  return readServerKeysOrThrow(dataDirectory);
}

/** Says beside keys that came from a seed what they are worth, to whoever finds them without their story. */
export async function markAsKnown(dataDirectory: string): Promise<void> {
  await writeFile(join(dataDirectory, 'keys', KNOWN_KEYS_FILE), KNOWN_KEYS_NOTE);
}

const KNOWN_KEYS_FILE = 'KNOWN-TO-EVERYBODY.txt';
const KNOWN_KEYS_NOTE =
  'The keys in this folder come from a seed that stands in the program: everybody can compute them.\n' +
  'What they sign proves nothing. They are for tests that compare the roots of demo ledgers.\n';

/** Throws `KeyFileProblem`, which names the file and says what to do. */
export async function readServerKeysOrThrow(dataDirectory: string): Promise<ServerKeys> {
  const read = (name: KeyName) => readKeyFileOrThrow(keyFilePath(dataDirectory, name), files[name]);
  const eventSeed = await read('event');
  return {
    eventSeed,
    eventSigner: sodiumSigner(eventSeed),
    checkpointSigner: sodiumSigner(await read('checkpoint')),
    ledgerSecret: await read('ledger-secret'),
    registryMasterKey: await read('registry-master'),
    pepper: await read('pepper-1'),
  };
}
