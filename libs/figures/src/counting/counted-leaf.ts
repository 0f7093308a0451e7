import type { AnyEvent } from '@aidtrail/domain';

/** A leaf as the counter reads it. */
export type CountedLeaf = AnyEvent & {
  /** Leaf index. */
  readonly position: number;
  readonly stream: string;
  /** Opened disclosures, those of the signed command as well, where there are any: only tables of level L2 are made of them. */
  readonly private?: Readonly<Record<string, unknown>>;
};

/** What the counter does not keep. */
export interface FigureLookups {
  /** Id of the batch that the voucher was issued in; undefined for a voucher that never was (an honest log has none). */
  batchOf(voucher: string): string | undefined;
}
