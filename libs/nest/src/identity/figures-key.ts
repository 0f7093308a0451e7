import { access } from 'node:fs/promises';
import { createKeyFile, KeyFileProblem, readKeyFileOrThrow, sodiumSigner } from '@aidtrail/crypto-node';
import type { Signer } from '@aidtrail/envelope';
import { keyFilePath } from './server-keys.js';

const NAME = 'figures';

/**
 * Makes `keys/figures.key` unless it is there: the service key that signs what the public figures say. It signs nothing
 * before two root officers have enrolled it.
 */
export async function makeFiguresKey(dataDirectory: string, randomBytes: (count: number) => Uint8Array): Promise<void> {
  const path = keyFilePath(dataDirectory, NAME);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  await createKeyFile(path, 'ed25519-seed', randomBytes(32)).catch((error: unknown) => {
    // Another process of this data directory was faster.
    if (!(error instanceof KeyFileProblem && error.code === 'exists')) throw error;
  });
}

/** Throws `KeyFileProblem`, which names the file and says what to do. */
export async function readFiguresKeyOrThrow(dataDirectory: string): Promise<Signer> {
  return sodiumSigner(await readKeyFileOrThrow(keyFilePath(dataDirectory, NAME), 'ed25519-seed'));
}
