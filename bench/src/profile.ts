import { mkdir, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import type { BenchContext } from './result.js';

/** Runs the work; if profiles are wanted, writes that of this thread while it ran to `<name>.cpuprofile`. */
export async function profiled<T>(context: BenchContext, name: string, work: () => Promise<T>): Promise<T> {
  const directory = context.profileDirectory;
  if (directory === undefined) return work();
  await mkdir(directory, { recursive: true });
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  try {
    return await work();
  } finally {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    await writeFile(join(directory, `${name}.cpuprofile`), JSON.stringify(profile));
  }
}

/** Options of a child process that is to be profiled, if profiles are wanted. */
export function profileOptions(context: BenchContext, name: string): string[] {
  const directory = context.profileDirectory;
  if (directory === undefined) return [];
  return ['--cpu-prof', `--cpu-prof-dir=${directory}`, `--cpu-prof-name=${name}.cpuprofile`];
}
