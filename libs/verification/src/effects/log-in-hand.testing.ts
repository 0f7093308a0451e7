import type { JsonObject, Leaf } from '@aidtrail/envelope';
import type { OpenLeaf } from './folding.testing.js';

/** What a leaf is changed into: fields of the leaf, fields of its data, and of its disclosures. */
export interface Change extends Partial<Omit<Leaf, 'data'>> {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly private?: Readonly<Record<string, unknown>>;
}

/** A log in the hands of somebody who may write into it what he likes; for specs. */
export class LogInHand {
  readonly leaves: OpenLeaf[];

  constructor(leaves: readonly OpenLeaf[]) {
    this.leaves = [...leaves];
  }

  /** The nth leaf of a type, from 0. */
  find(type: string, nth = 0): OpenLeaf {
    return this.leaves[this.indexOf(type, nth)] as OpenLeaf;
  }

  indexOf(type: string, nth = 0): number {
    const indexes = this.leaves.flatMap(({ leaf }, index) => (leaf.type === type ? [index] : []));
    const index = indexes[nth];
    if (index === undefined) throw new Error(`The log has no ${type} number ${nth}.`);
    return index;
  }

  /** The interval of the nth leaf of a type. */
  intervalOf(type: string, nth = 0): readonly [number, number] {
    return this.find(type, nth).leaf.data['interval'] as [number, number];
  }

  count(type: string): number {
    return this.leaves.filter(({ leaf }) => leaf.type === type).length;
  }

  /** The places of two leaves are exchanged. */
  swap(one: string, other: string, nth = 0, otherNth = 0): void {
    const [a, b] = [this.indexOf(one, nth), this.indexOf(other, otherNth)];
    [this.leaves[a], this.leaves[b]] = [this.leaves[b] as OpenLeaf, this.leaves[a] as OpenLeaf];
  }

  change(type: string, change: Change, nth = 0): void {
    const index = this.indexOf(type, nth);
    const { leaf, private: disclosed } = this.leaves[index] as OpenLeaf;
    const { data, private: hidden, ...fields } = change;
    this.leaves[index] = {
      leaf: { ...leaf, ...fields, data: { ...leaf.data, ...data } as JsonObject },
      ...(disclosed === undefined ? {} : { private: { ...disclosed, ...hidden } }),
    };
  }

  /** Puts something harmless in the place of a leaf, so that all others stay where they are. */
  blank(type: string, nth = 0): void {
    this.blankAt(this.indexOf(type, nth));
  }

  blankAt(index: number): void {
    const { leaf } = this.leaves[index] as OpenLeaf;
    this.leaves[index] = { leaf: { ...this.harmless(), id: leaf.id } };
  }

  /** A leaf more at the end. */
  append(leaf: Leaf, disclosed?: object): void {
    const { day } = this.leaves[this.leaves.length - 1]?.leaf as Leaf;
    this.leaves.push({ leaf: { ...leaf, day }, ...(disclosed === undefined ? {} : { private: disclosed }) });
  }

  /** Something or other; places are counted round the log. */
  meddle(deed: {
    readonly what: string;
    readonly place: number;
    readonly other: number;
    readonly amount: number;
  }): void {
    const [a, b] = [deed.place % this.leaves.length, deed.other % this.leaves.length];
    const [one, other] = [this.leaves[a] as OpenLeaf, this.leaves[b] as OpenLeaf];
    if (deed.what === 'swap') [this.leaves[a], this.leaves[b]] = [other, one];
    else if (deed.what === 'repeat') this.leaves.splice(a, 0, other);
    else {
      const change = (value: unknown): unknown => withNumber(value, { nth: deed.other % 4, amount: 1 + deed.amount });
      const data = change(one.leaf.data) as JsonObject;
      const disclosed = one.private === undefined ? {} : { private: change(one.private) as object };
      this.leaves[a] = { leaf: { ...one.leaf, data }, ...disclosed };
    }
  }

  private harmless(): Leaf {
    return this.find('CampaignExtended').leaf;
  }
}

/** The value with its nth number changed, if it has so many. */
function withNumber(value: unknown, { nth, amount }: { readonly nth: number; readonly amount: number }): unknown {
  let seen = 0;
  return JSON.parse(JSON.stringify(value), (_, one: unknown) => {
    if (typeof one !== 'number') return one;
    seen += 1;
    return seen === nth + 1 ? amount : one;
  });
}
