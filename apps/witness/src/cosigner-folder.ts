import { randomBytes } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createKeyFile, readKeyFileOrThrow, sodiumSigner, sodiumVerifier } from '@aidtrail/crypto-node';
import { createCosigner, parseVkeyOrThrow, type Cosigner, type NoteKey } from '@aidtrail/public-log';
import type { TrustedLogs } from './add-checkpoint.js';
import { WitnessState } from './witness-state.js';

export interface CosignerFolder {
  readonly cosigner: Cosigner;
  readonly state: WitnessState;
}

/**
 * The key of a cosigner and what it has cosigned, in `keys/` and `state/` of its data directory; a new directory gets
 * both. The empty state comes first: a key without a state would have forgotten what it cosigned, and is refused. Throws
 * StateLost, KeyFileProblem, or MalformedInput for a name that no key can have.
 */
export async function openCosignerFolder(dataDirectory: string, name: string): Promise<CosignerFolder> {
  const [keyFile, stateFolder] = [join(dataDirectory, 'keys', 'cosigner.key'), join(dataDirectory, 'state')];
  // Before anything is written: a name that is refused leaves no folder behind.
  createCosigner(name, sodiumSigner(new Uint8Array(32)));
  if (!(await isThere(keyFile))) {
    await mkdir(join(dataDirectory, 'keys'), { recursive: true, mode: 0o700 });
    await WitnessState.create(stateFolder);
    await createKeyFile(keyFile, 'ed25519-seed', randomBytes(32));
  }
  const cosigner = createCosigner(name, sodiumSigner(await readKeyFileOrThrow(keyFile, 'ed25519-seed')));
  return { cosigner, state: await WitnessState.open(stateFolder, cosigner.key, sodiumVerifier) };
}

/** Untrusted: `vkeys`. The keys of logs by their names, which are their origins; throws MalformedInput. */
export function trustedLogsOrThrow(vkeys: readonly string[]): TrustedLogs {
  const logs = new Map<string, NoteKey[]>();
  for (const key of vkeys.map(parseVkeyOrThrow)) logs.set(key.name, [...(logs.get(key.name) ?? []), key]);
  return logs;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (fault: NodeJS.ErrnoException) => {
      if (fault.code === 'ENOENT') return false;
      throw fault;
    },
  );
}
