import { rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makeFolder } from '@aidtrail/data-directory';
import { readFileUpTo } from './folder-source.js';
import type { LogSource } from './log-source.js';

/**
 * Keeps the tiles that it fetches in a folder, and takes them from there the next time: tiles never change, so an audit that
 * was interrupted goes on where it was, and the next one fetches only what is new. Checkpoints are always fetched; the
 * newest is kept as well, so that the folder is a log in itself. What is kept is believed no more than what is fetched.
 */
export function keepFiles(source: LogSource, directory: string): LogSource {
  let written = 0;
  const keep = async (path: string, bytes: Uint8Array): Promise<void> => {
    const target = resolve(directory, path);
    const beside = `${target}.part-${process.pid}-${(written += 1)}`;
    await makeFolder(dirname(target));
    await writeFile(beside, bytes);
    // A file is there whole or not at all.
    await rename(beside, target);
  };
  return {
    ahead: source.ahead,
    read: async (path, atMost) => {
      const isTile = path.startsWith('tile/');
      const kept = isTile ? await readFileUpTo(join(directory, path), atMost) : undefined;
      if (kept instanceof Uint8Array) return kept;
      const fetched = await source.read(path, atMost);
      if (fetched instanceof Uint8Array) await keep(path, fetched);
      return fetched;
    },
    close: () => source.close(),
  };
}
