import type { LeafParts } from '@aidtrail/envelope';
import type { FoldedStream } from '../replay/states.js';
import type { Home } from '../replay/stream-states.js';
import type { Disclosed } from './disclosures.js';

/** A well-formed leaf. */
export interface ReadLeaf {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly parts: LeafParts;
}

/** One of a known type, on its way through the checks. */
export interface LeafUnderAudit extends ReadLeaf {
  readonly home: Home;
  /** Its stream before it; version 0 if it begins the stream. */
  readonly before: FoldedStream;
  /** Undefined if no disclosures were given for this leaf, or they do not match. */
  readonly disclosed: Disclosed | undefined;
}
