/** A list of numbers that grows, 8 bytes each, in memory that the garbage collector need not look into. */
export class Numbers {
  private values = new Float64Array(SMALLEST);
  private used = 0;

  get length(): number {
    return this.used;
  }

  push(value: number): void {
    if (this.used === this.values.length) {
      const larger = new Float64Array(2 * this.used);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.used] = value;
    this.used += 1;
  }

  /** The index must be in the list. */
  at(index: number): number {
    return this.values[index] as number;
  }

  /** Leaves out the first ones. */
  dropFirst(count: number): void {
    const rest = this.values.slice(count, this.used);
    this.values = new Float64Array(Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(rest.length + 1))));
    this.values.set(rest);
    this.used = rest.length;
  }
}

const SMALLEST = 64;
