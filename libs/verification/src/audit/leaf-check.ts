import type { SweptEvent } from '@aidtrail/domain';
import type { Leaf, Sha1, Sha256 } from '@aidtrail/envelope';
import type { Report } from '../findings/finding.js';
import type { FoldedStream } from '../replay/states.js';

/** A well-formed leaf of a known type, and its stream before and after it. */
export interface AuditedLeaf {
  readonly index: number;
  /** As a strict reader has it; public fields only. */
  readonly leaf: Leaf;
  /** Its event; `private` is there only if disclosures were given and match their digests. */
  readonly event: SweptEvent;
  readonly before: FoldedStream;
  readonly after: FoldedStream;
}

/** One kind of check. It is shown each leaf once, in log order, and never throws for what a leaf holds. */
export interface LeafCheck {
  take(leaf: AuditedLeaf): void;
  /** After the last leaf. */
  end(): void;
}

/** States of streams after the leaf that is being checked, the leaf included. */
export interface StateLookup {
  /** Undefined if the stream has no events so far. */
  stateOf(stream: string): FoldedStream | undefined;
}

/** What the checks work with. */
export interface CheckTools {
  readonly report: Report;
  readonly states: StateLookup;
  readonly sha256: Sha256;
  readonly sha1: Sha1;
  /** Whether the auditor was given disclosures, so that L2 rules are checked. */
  readonly hasDisclosures: boolean;
}
