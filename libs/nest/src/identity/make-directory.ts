import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a directory and those above it that are missing; one that is there already is left as it is. Throws what the
 * system says. Not `recursive`: in a file system that makes no directories, such as /proc, Node then tries for ever.
 */
export async function makeDirectory(path: string): Promise<void> {
  if (await isDirectory(path)) return;
  const above = dirname(path);
  if (above !== path) await makeDirectory(above);
  await mkdir(path, { mode: 0o755 }).catch(async (fault: unknown) => {
    // Somebody else may have made it meanwhile.
    if (!(await isDirectory(path))) throw fault;
  });
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    (fault: NodeJS.ErrnoException) => {
      if (fault.code === 'ENOENT') return false;
      throw fault;
    },
  );
}
