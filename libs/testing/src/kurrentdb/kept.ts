import type { StreamMetadata } from './stream-metadata.js';

/** An event as a client proposes it. */
export interface Proposal {
  /** A lower-case UUID. */
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** An event as it is kept: what reading and filtering ask for, and the message in which it leaves the server. */
export interface KeptEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  /** 0-based; of a tombstone, {@link tombstoneRevision}. */
  readonly revision: number | bigint;
  /** Commit and prepare position alike: strictly rising, with gaps, as the positions in a file of records. */
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** The encoded ReadResp. */
  readonly wire: Buffer;
}

/** What one stream holds. Index = revision. */
export interface KeptStream {
  readonly name: string;
  readonly events: KeptEvent[];
  tombstoned: boolean;
  metadata: StreamMetadata;
}

/** Which revision the appender believes to be the stream's last. */
export type Expected = 'any' | 'no_stream' | 'stream_exists' | number;

export type AppendOutcome =
  | { readonly kind: 'written' | 'repeated'; readonly revision: number; readonly position: number | undefined }
  | { readonly kind: 'wrong-expected-version'; readonly current: number }
  | { readonly kind: 'stream-deleted' };

export const tombstoneRevision = 2n ** 63n - 1n;

/** Deleted, but it may come back: its `$tb` is the largest number, so that everything in it is hidden. */
export function isSoftDeleted(stream: KeptStream): boolean {
  return stream.metadata.truncateBefore === tombstoneRevision;
}

export function metastreamOf(stream: string): string {
  return `$$${stream}`;
}

export function streamOfMetastream(stream: string): string | undefined {
  return stream.startsWith('$$') ? stream.slice(2) : undefined;
}
