import { MAX_BUNDLE_BYTES } from '@aidtrail/verification';

/** Nothing can be said: there was no answer, or one that is no file of a log. */
export class LogUnreachable extends Error {
  override readonly name = 'LogUnreachable';
}

/** Reads a file of the published log by its path; undefined if there is none. Rejects with LogUnreachable. */
export type ReadFile = (path: string) => Promise<Uint8Array | undefined>;

/** Untrusted: what the server sends; at most as much as the largest file of a log. */
export function readLogAt(log: URL): ReadFile {
  return async (path) => {
    try {
      const response = await fetch(new URL(path, log), { credentials: 'omit', referrerPolicy: 'no-referrer' });
      if (response.status === 404) return undefined;
      if (!response.ok) throw new LogUnreachable(`${path}: ${response.status}`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (bytes.length > MAX_BUNDLE_BYTES) throw new LogUnreachable(`${path}: too large`);
      return bytes;
    } catch (fault) {
      throw fault instanceof LogUnreachable ? fault : new LogUnreachable(path, { cause: fault });
    }
  };
}
