import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing, one by one; one that is there stays as it is. Unlike `mkdir` with
 * `recursive`, it ends where a file system has folders in which nothing can be made, such as /proc. Throws what the file
 * system says of the folder that could not be made.
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  if ((await tryToMake(path, mode)) === 'made') return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent, mode);
  await mkdir(path, { mode }).catch((error: NodeJS.ErrnoException) => {
    // Somebody else made it meanwhile.
    if (error.code !== 'EEXIST') throw error;
  });
}

async function tryToMake(path: string, mode: number): Promise<'made' | 'no parent'> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 'no parent';
    if (code !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
  }
  return 'made';
}
