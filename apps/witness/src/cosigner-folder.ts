import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createKeyFile, readKeyFileOrThrow, sodiumSigner, sodiumVerifier } from '@aidtrail/crypto-node';
import { acquireOwnerLock, makeFolder } from '@aidtrail/data-directory';
import { createCosigner, parseVkeyOrThrow, type Cosigner, type NoteKey } from '@aidtrail/public-log';
import type { TrustedLogs } from './add-checkpoint.js';
import { takenOver, WitnessState, type StateLost } from './witness-state.js';

export interface CosignerFolder {
  readonly cosigner: Cosigner;
  readonly state: WitnessState;
  /** Lets another process have it. */
  release(): Promise<void>;
}

/**
 * The key of a cosigner and what it has cosigned, in `keys/` and `state/` of its data directory; a new directory gets
 * both. The empty state comes first: a key without a state would have forgotten what it cosigned, and is refused. `onLost`
 * is called if another process takes the directory from this one. Throws DataDirectoryInUse, StateLost, KeyFileProblem, or
 * MalformedInput for a name that no key can have.
 */
export async function openCosignerFolder(
  dataDirectory: string,
  name: string,
  onLost: (fault: StateLost) => void = () => undefined,
): Promise<CosignerFolder> {
  const [keyFile, stateFolder] = [join(dataDirectory, 'keys', 'cosigner.key'), join(dataDirectory, 'state')];
  // Before anything is written: a name that is refused leaves no folder behind.
  createCosigner(name, sodiumSigner(new Uint8Array(32)));
  await makeFolder(resolve(dataDirectory));
  const lock = await acquireOwnerLock(dataDirectory, { onLost: () => onLost(takenOver(dataDirectory)) });
  try {
    return { ...(await openOrMake({ keyFile, stateFolder, name })), release: () => lock.release() };
  } catch (fault) {
    await lock.release();
    throw fault;
  }
}

async function openOrMake(at: {
  readonly keyFile: string;
  readonly stateFolder: string;
  readonly name: string;
}): Promise<Omit<CosignerFolder, 'release'>> {
  const { keyFile, stateFolder, name } = at;
  if (!(await isThere(keyFile))) {
    await makeFolder(dirname(keyFile), 0o700);
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
