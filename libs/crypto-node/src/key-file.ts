import { open, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { base64DecodeOrThrow, base64Encode, utf8DecodeOrThrow } from '@aidtrail/envelope';

/** What a file holds; stands in its first word, so that a seed is never taken for an encryption key. */
export type KeyFileKind = 'ed25519-seed' | 'secret';

/** Why a key file cannot be made or used. The message says what to do and holds nothing of the file's content. */
export class KeyFileProblem extends Error {
  override readonly name = 'KeyFileProblem';

  constructor(
    readonly code: 'exists' | 'missing' | 'readable_by_others' | 'not_a_key_file' | 'wrong_kind',
    message: string,
  ) {
    super(message);
  }
}

const KEY_BYTES = 32;
const MAX_FILE_BYTES = 256;
const LINE = /^aidtrail-(ed25519-seed|secret)-v1 ([A-Za-z0-9+/]{43}=)\n$/;

/**
 * Writes 32 secret bytes to a new file that only its owner may read (mode 600). Never replaces a file. When it
 * resolves, file and directory entry are on disk; when it rejects, no half-written file is left.
 * Throws `KeyFileProblem` `exists`.
 */
export async function createKeyFile(path: string, kind: KeyFileKind, secret: Uint8Array): Promise<void> {
  if (secret.length !== KEY_BYTES) throw new RangeError('A key file holds 32 bytes.');
  const file = await openNew(path);
  try {
    // The mode given to open() is narrowed by the umask only; set it for certain before the secret is in the file.
    await file.chmod(0o600);
    await file.writeFile(`aidtrail-${kind}-v1 ${base64Encode(secret)}\n`);
    await file.sync();
  } catch (error) {
    await file.close();
    await unlink(path);
    throw error;
  }
  await file.close();
  await syncDirectory(dirname(path));
}

/** The 32 bytes of a key file. Throws `KeyFileProblem`; refuses a file that group or others may read or write. */
export async function readKeyFileOrThrow(path: string, kind: KeyFileKind): Promise<Uint8Array> {
  const file = await openExisting(path);
  try {
    // Asked of the open file and not of the path, which could be exchanged in between.
    const { mode, size } = await file.stat();
    if ((mode & 0o077) !== 0) {
      throw new KeyFileProblem('readable_by_others', `Others may open ${path}: chmod 600, and replace the key.`);
    }
    if (size > MAX_FILE_BYTES) throw notAKeyFile(path);
    return secretOrThrow(new Uint8Array(await file.readFile()), path, kind);
  } finally {
    await file.close();
  }
}

function secretOrThrow(content: Uint8Array, path: string, kind: KeyFileKind): Uint8Array {
  let match: RegExpExecArray | null;
  let secret: Uint8Array;
  try {
    match = LINE.exec(utf8DecodeOrThrow(content));
    secret = base64DecodeOrThrow(match?.[2] ?? '');
  } catch {
    throw notAKeyFile(path);
  }
  if (match === null || secret.length !== KEY_BYTES) throw notAKeyFile(path);
  if (match[1] !== kind) throw new KeyFileProblem('wrong_kind', `${path} holds another kind of key than ${kind}.`);
  return secret;
}

function notAKeyFile(path: string): KeyFileProblem {
  return new KeyFileProblem('not_a_key_file', `${path} is not a complete key file: restore it from a backup.`);
}

async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    throw new KeyFileProblem('exists', `${path} exists: move it away first if it is no longer needed.`);
  }
}

async function openExisting(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    throw new KeyFileProblem('missing', `${path} does not exist: create the key or correct the path.`);
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && (error as NodeJS.ErrnoException).code === code;
}
