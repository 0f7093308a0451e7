import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Within which process ids mean something: the boot of a kernel and a container on it, or elsewhere the machine. */
export function processSpace(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/**
 * On Linux the clock tick at which a process of this space began, since an id may be used again; 'ended' for one that is
 * dead but not yet reaped; undefined elsewhere or when it is gone.
 */
export function beginningOf(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}

/** Whether a process of this space with that beginning lives. */
export function isAlive(pid: number, began: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const begins = beginningOf(pid);
  if (begins === 'ended') return false;
  return begins === undefined || began === undefined || begins === began;
}
