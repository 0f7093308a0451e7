import { types } from 'node:util';

const NO_REASON = 'Something failed that gave no reason.';

/** What a file system or a network says, in words that say what to do. Paths are the operator's own. */
const sentences: Readonly<Record<string, (what: string) => string>> = {
  ENOENT: (what) => `There is no ${what}, or nothing can be made there. Check the path.`,
  ENOTDIR: (what) => `A part of ${what} is a file where a directory is needed. Check the path.`,
  EEXIST: (what) => `${what} is there already, and is no directory. Name another path.`,
  EISDIR: (what) => `${what} is a directory; a file is needed. Check the path.`,
  EACCES: (what) => `This user may not use ${what}. Change its owner or its mode, or run as another user.`,
  EPERM: (what) => `This user may not change ${what}. Change its owner or its mode, or run as another user.`,
  EROFS: (what) => `${what} is on a read-only file system. Name another path.`,
  ENOSPC: () => 'The disk is full. Make room and run this again.',
  ECONNREFUSED: () => 'The database does not answer. Start it, or look at DATABASE_URL.',
  ENOTFOUND: () => 'The database’s host is not known. Look at DATABASE_URL.',
};

/** One sentence for a fault that is not one of ours. */
export function faultSentence(fault: unknown): string {
  if (!types.isNativeError(fault)) return NO_REASON;
  const { code, path } = fault as NodeJS.ErrnoException;
  const sentence = code === undefined || !Object.hasOwn(sentences, code) ? undefined : sentences[code];
  return sentence?.(path ?? 'such file') ?? (fault.message === '' ? NO_REASON : fault.message);
}
