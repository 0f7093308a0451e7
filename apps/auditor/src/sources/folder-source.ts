import * as fs from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { concatBytes } from '@aidtrail/envelope';
import { CannotAudit } from '../cannot-audit.js';
import type { LogSource } from './log-source.js';

const AHEAD = 4;

const CHUNK_BYTES = 65_536;
const open = promisify(fs.open);
const read = promisify(fs.read);

/** The files of a log in a folder. */
export function folderSource(directory: string): LogSource {
  return {
    ahead: AHEAD,
    read: (path, atMost) => readFileUpTo(join(directory, path), atMost),
    close: () => Promise.resolve(),
  };
}

/**
 * Undefined if there is no such file; throws CannotAudit if it cannot be read. Only what may wait for a disk leaves this
 * thread: a log has thousands of files, and to open and to close a `FileHandle` costs more than to read it.
 */
export async function readFileUpTo(path: string, atMost: number): Promise<Uint8Array | 'too_large' | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const status = fs.fstatSync(file);
      if (status.size > atMost) return 'too_large';
      return status.isFile() ? await readAll(file, status.size) : await readPipe(file, atMost);
    } finally {
      fs.closeSync(file);
    }
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException;
    // A file where a folder should be, or the other way round, is not the file that was asked for.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw new CannotAudit(`${path} cannot be read (${code ?? 'no reason given'}).`);
  }
}

/** So many bytes of a file; fewer if it has become shorter. */
async function readAll(file: number, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
  for (let at = 0; at < size;) {
    const { bytesRead } = await read(file, bytes, at, size - at, at);
    if (bytesRead === 0) return bytes.subarray(0, at);
    at += bytesRead;
  }
  return bytes;
}

/** It does not say how much will come. */
async function readPipe(file: number, atMost: number): Promise<Uint8Array | 'too_large'> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { bytesRead, buffer } = await read(file, new Uint8Array(CHUNK_BYTES), 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return concatBytes(...chunks);
    chunks.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
    if (length > atMost) return 'too_large';
  }
}
