import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

const execute = promisify(execFile);

/**
 * Whom the server runs as: undefined for ourselves. PostgreSQL refuses to run as root, so a root process uses the owner
 * of the existing cluster, or the system user `postgres`, which is created when the system has none.
 */
export async function findServerUser(home: string): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(join(home, 'data')).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return (await idsOfPostgres()) ?? (await createPostgresUserOrThrow());
}

async function idsOfPostgres(): Promise<ServerUser | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await execute('id', [flag, 'postgres'])).stdout)),
    );
    return uid && gid ? { uid, gid } : undefined;
  } catch {
    return undefined;
  }
}

async function createPostgresUserOrThrow(): Promise<ServerUser> {
  const advice = 'PostgreSQL does not run as root: create a system user named postgres, or start as another user';
  try {
    await execute('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
  } catch (cause) {
    throw new Error(advice, { cause });
  }
  const user = await idsOfPostgres();
  if (!user) throw new Error(advice);
  return user;
}
