/** So many states stay as they are; a redemption usually follows a claim by more than that, a policy's work by less. */
const MAX_LIVE = 10_000;

/**
 * Folded states by stream, for more streams than fit into memory as objects: those that have not been touched for a while
 * are kept as text, which takes a quarter of the room.
 */
export class StateShelf {
  private readonly live = new Map<string, unknown>();
  private readonly packed = new Map<string, string>();

  get size(): number {
    return this.live.size + this.packed.size;
  }

  take(stream: string): unknown {
    const state = this.live.get(stream);
    if (state !== undefined) {
      this.live.delete(stream);
      return state;
    }
    const text = this.packed.get(stream);
    if (text === undefined) return undefined;
    this.packed.delete(stream);
    return JSON.parse(text) as unknown;
  }

  put(stream: string, state: unknown): void {
    this.live.set(stream, state);
    if (this.live.size <= MAX_LIVE) return;
    // A Map keeps the order of insertion: the first is the one that was put back longest ago.
    const [oldest] = this.live.keys();
    if (oldest === undefined) return;
    this.packed.set(oldest, JSON.stringify(this.live.get(oldest)));
    this.live.delete(oldest);
  }
}
