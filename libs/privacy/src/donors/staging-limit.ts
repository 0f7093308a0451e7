/** How many intakes one process stages at once, whosever they are: each may hold a million sealed rows on disk. */
export const stagingsPerProcess = 4;

/** Lets each key stage one intake at a time, and all keys together `stagingsPerProcess`. */
export class StagingLimit {
  private readonly staging = new Set<string>();

  /** Does the work, or, beyond the limit, nothing: then it returns undefined. */
  async within<T>(key: string, work: () => Promise<T>): Promise<T | undefined> {
    if (this.staging.has(key) || this.staging.size >= stagingsPerProcess) return undefined;
    this.staging.add(key);
    try {
      return await work();
    } finally {
      this.staging.delete(key);
    }
  }
}
