const SMALLEST = 1_024;

/**
 * Joins parts in memory of its own, at most twice as large as what is in it. A sender chooses the size of the parts: if
 * each were kept, one byte could cost some hundred.
 */
export class JoinedBytes {
  private memory: Buffer | undefined;
  private length = 0;

  add(part: Uint8Array): void {
    if (part.length === 0) return;
    const room = this.roomFor(this.length + part.length);
    room.set(part, this.length);
    this.length += part.length;
  }

  /** What has been added since it was last taken or dropped. */
  take(): Uint8Array {
    const taken = this.memory?.subarray(0, this.length) ?? new Uint8Array();
    this.drop();
    return taken;
  }

  drop(): void {
    this.memory = undefined;
    this.length = 0;
  }

  private roomFor(needed: number): Buffer {
    if (this.memory !== undefined && this.memory.length >= needed) return this.memory;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, SMALLEST, (this.memory?.length ?? 0) * 2));
    this.memory?.copy(larger, 0, 0, this.length);
    this.memory = larger;
    return larger;
  }
}
