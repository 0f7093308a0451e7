import type { CalendarState } from '@aidtrail/domain';
import type { CommandAnchor } from '@aidtrail/envelope';
import type { Report } from '../findings/finding.js';

/** A checkpoint that a signer says was published; whoever has the tree compares its root. */
export interface AnchorClaim {
  readonly size: number;
  /** base64 */
  readonly root: string;
  /** The first leaf whose command names it. */
  readonly leaf: number;
}

/** The checkpoints that commands name, each once, and the rule that bounds dating back. */
export class Anchors {
  private readonly claims = new Map<string, AnchorClaim>();
  private latest: AnchorClaim | undefined;

  constructor(private readonly report: Report) {}

  all(): Iterable<AnchorClaim> {
    return this.claims.values();
  }

  /** `calendar` is the one on which the leaf rests: undefined if that is not known. */
  check({ size, root }: CommandAnchor, leaf: number, calendar: CalendarState | undefined): void {
    this.note({ size, root, leaf });
    if (size > leaf) this.report({ code: 'anchor_ahead', leaf, expected: leaf, actual: size });
    const previous = calendar?.status === 'running' ? calendar.previousPosition : undefined;
    if (previous !== undefined && size <= previous)
      this.report({ code: 'anchor_stale', leaf, expected: previous + 1, actual: size });
  }

  private note(claim: AnchorClaim): void {
    // Whole slots of commands name the same one.
    if (this.latest?.size === claim.size && this.latest.root === claim.root) return;
    const name = `${claim.size} ${claim.root}`;
    const known = this.claims.get(name);
    if (known === undefined) this.claims.set(name, claim);
    this.latest = known ?? claim;
  }
}
