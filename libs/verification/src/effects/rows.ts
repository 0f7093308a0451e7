import { base64DecodeOrThrow, base64Encode } from '@aidtrail/envelope';
import { CompactRange, type TreeHasher } from '@aidtrail/public-log';

/**
 * The rows of a roster or an intake as they come, mostly in order of their numbers: each of 0…count−1 once. Their
 * commitments make an RFC 6962 tree; of those that came in order only its edge is kept.
 */
export class Rows {
  private readonly tree: CompactRange;
  private readonly early = new Map<number, string>();

  constructor(
    readonly count: number,
    private readonly hasher: TreeHasher,
  ) {
    this.tree = new CompactRange(hasher);
  }

  get isComplete(): boolean {
    return this.tree.size === this.count;
  }

  /** How many rows have come. */
  get size(): number {
    return this.tree.size + this.early.size;
  }

  /** False if there is no such row, or it was there before. */
  take(number: number, commitment: string): boolean {
    if (number >= this.count || number < this.tree.size || this.early.has(number)) return false;
    if (number > this.tree.size) {
      this.early.set(number, commitment);
      return true;
    }
    this.append(commitment);
    while (this.early.size > 0) {
      const next = this.early.get(this.tree.size);
      if (next === undefined) break;
      this.early.delete(this.tree.size);
      this.append(next);
    }
    return true;
  }

  /** Base64, of the rows that came without a gap. */
  root(): string {
    return base64Encode(this.tree.root());
  }

  private append(commitment: string): void {
    this.tree.append(this.hasher.leafHash(base64DecodeOrThrow(commitment)));
  }
}
