import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotAudit } from '../cannot-audit.js';
import type { LogSource } from './log-source.js';

const AHEAD = 4;

/** The files of a log in a folder. */
export function folderSource(directory: string): LogSource {
  return {
    ahead: AHEAD,
    read: (path, atMost) => readFileUpTo(join(directory, path), atMost),
    close: () => Promise.resolve(),
  };
}

/** Undefined if there is no such file; throws CannotAudit if it cannot be read. */
export async function readFileUpTo(path: string, atMost: number): Promise<Uint8Array | 'too_large' | undefined> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > atMost) return 'too_large';
      const bytes = await file.readFile();
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    } finally {
      await file.close();
    }
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException;
    // A file where a folder should be, or the other way round, is not the file that was asked for.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw new CannotAudit(`${path} cannot be read (${code ?? 'no reason given'}).`);
  }
}
