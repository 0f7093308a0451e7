import type { DomainEvent, Recorded } from '@aidtrail/domain';
import { leafHash, sha256 as portableSha256, viewLeafOrThrow, type Sha256 } from '@aidtrail/envelope';
import { CompactRange, createTreeHasher } from '@aidtrail/public-log';
import type { FoldedStream } from './states.js';
import { evolved, isOfCategory, StreamStates } from './stream-states.js';

/** The leaves contradict each other, or a newer program wrote them: there is no state that they add up to. */
export class ReplayFault extends Error {
  override readonly name = 'ReplayFault';

  constructor(position: number, what: string) {
    super(`The leaf at index ${position} ${what}.`);
  }
}

/**
 * Replays a log from its first leaf on: each leaf is hashed into the Merkle tree (RFC 6962), and its event folded by the
 * decider of its stream. Disclosures stay closed, as for anyone who has but the public log, and no signature is
 * verified: believe the states only once `root()` is the root of a checkpoint that you trust; the precondition of
 * `viewLeafOrThrow` then holds as well, for a ledger that keeps its own format.
 *
 * Memory does not grow with the number of events, and by little more than a hundred bytes with each voucher.
 */
export class LogReplay {
  private readonly tree: CompactRange;
  private readonly all = new StreamStates();

  /** The hash is called with memory that is written over afterwards; a server injects a faster one. */
  constructor(private readonly sha256: Sha256 = portableSha256) {
    this.tree = new CompactRange(createTreeHasher(sha256));
  }

  /** The number of leaves taken in. */
  get size(): number {
    return this.tree.size;
  }

  /** The number of streams that have events. */
  get streams(): number {
    return this.all.size;
  }

  /** The root of the tree of all leaves taken in, 32 bytes. */
  root(): Uint8Array {
    return this.tree.root();
  }

  /**
   * Takes in the next leaf. It keeps none of the bytes. Throws `MalformedInput` if they are no leaf, `ReplayFault` if the
   * leaf does not follow from those before it; then it was not taken in.
   */
  take(leaf: Uint8Array): void {
    const { type, stream, version, id, day, data } = viewLeafOrThrow(leaf);
    const position = this.tree.size;
    const home = this.all.homeOfType(type);
    if (home === undefined) throw new ReplayFault(position, 'has an event type that this version does not know');
    if (!isOfCategory(stream, home.category))
      throw new ReplayFault(position, 'has an event that its stream cannot have');
    const event: Recorded<DomainEvent> = { type, data, id, position, day };
    home.states.update(stream, (before) => {
      if (before.version + 1 !== version) throw new ReplayFault(position, 'is not the next one of its stream');
      return { version, state: evolved(home, before, event) };
    });
    this.tree.append(leafHash(leaf, this.sha256));
  }

  /** The state of a stream, with disclosures closed; undefined if it has no events. */
  stateOf(stream: string): FoldedStream | undefined {
    return this.all.stateOf(stream);
  }

  /** All streams of a category, such as `voucher`, in no particular order. */
  streamsOf(category: string): Iterable<readonly [stream: string, folded: FoldedStream]> {
    return this.all.streamsOf(category);
  }
}
