/** Values that last a fixed time, at most `capacity` of them: the oldest give way. */
export class BoundedMap<V extends { readonly expiresAt: number }> {
  private readonly entries = new Map<string, V>();

  constructor(private readonly capacity: number) {}

  set(key: string, value: V, now: number): void {
    // All last equally long and a Map keeps the order of insertion, so what has expired stands in front.
    for (const [oldKey, { expiresAt }] of this.entries) {
      if (expiresAt > now && this.entries.size < this.capacity) break;
      this.entries.delete(oldKey);
    }
    this.entries.set(key, value);
  }

  get(key: string, now: number): V | undefined {
    const value = this.entries.get(key);
    return value !== undefined && value.expiresAt > now ? value : undefined;
  }

  /** Takes the value out: whoever comes second gets nothing. */
  take(key: string, now: number): V | undefined {
    const value = this.get(key, now);
    this.entries.delete(key);
    return value;
  }
}
