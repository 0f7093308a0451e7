/**
 * The files of a published log. `read` resolves to the bytes of a file below the log's prefix, such as `checkpoint` or
 * `tile/0/000`; to undefined if there is no such file; to `too_large` if it has more than `atMost` bytes, which need not be
 * read then. It rejects only if it cannot know, such as when a server does not answer. What it gives is believed by nobody.
 */
export interface LogFiles {
  read(path: string, atMost: number): Promise<Uint8Array | 'too_large' | undefined>;
}

/** A signed note with many cosignatures is a few kilobytes. */
export const MAX_NOTE_BYTES = 262_144;
/** 256 entries with their lengths. */
export const MAX_BUNDLE_BYTES = 256 * (2 + 65_535);
