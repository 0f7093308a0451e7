/** What was opened, to be closed in the opposite order. One that fails does not keep the others open. */
export class Closers {
  private readonly stack: (() => Promise<void>)[] = [];

  add(close: () => Promise<void>): void {
    this.stack.push(close);
  }

  /** Throws the first fault after all have been tried. */
  async closeAll(): Promise<void> {
    const faults: unknown[] = [];
    for (let close = this.stack.pop(); close !== undefined; close = this.stack.pop()) {
      await close().catch((fault: unknown) => faults.push(fault));
    }
    if (faults.length > 0) throw faults[0];
  }
}
