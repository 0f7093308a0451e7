import { StoreUnavailable } from '../port.js';
import { type SingleConnection, StatementFailed } from './connection.js';
import { groupFrom, prepareGroup, writeGroup } from './write-group.js';
import type { WriteItem, WriteOutcome } from './write-group.js';

interface Waiting {
  readonly item: WriteItem;
  readonly resolve: (outcome: WriteOutcome) => void;
  readonly reject: (fault: unknown) => void;
}

/**
 * Group commit: while one group is on its way, the calls that come in wait, and go together as the next one. So the cost
 * of a commit is shared by as many as are there, and a lone caller waits for nobody.
 */
export class GroupWriter {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | undefined;

  constructor(
    private readonly connection: SingleConnection,
    private readonly options: {
      readonly schema: string;
      readonly ready: () => Promise<void>;
      readonly stored: () => void;
    },
  ) {}

  write(item: WriteItem): Promise<WriteOutcome> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.writing ??= this.writeAll();
    });
  }

  /** Resolves when everything that was handed over has its outcome. */
  async finish(): Promise<void> {
    await this.writing;
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      // Callers who have just got their outcome may hand over the next append in this turn of the loop.
      await new Promise((resolve) => setImmediate(resolve));
      const items = this.waiting.map((waiting) => waiting.item);
      const group = this.waiting.splice(0, groupFrom(items, 0, { events: 2_000, bytes: 16 * 1_048_576 }).length);
      await this.writeOne(group);
    }
    this.writing = undefined;
  }

  private async writeOne(group: readonly Waiting[]): Promise<void> {
    try {
      await this.options.ready();
      const outcomes = await this.store(group.map((waiting) => waiting.item));
      group.forEach((waiting, i) => waiting.resolve(outcomes[i] as WriteOutcome));
      this.options.stored();
    } catch (fault) {
      if (fault instanceof StatementFailed && group.length > 1) return this.writeOneByOne(group);
      for (const waiting of group) waiting.reject(fault);
    }
  }

  /** Nothing of the group was stored. One item made the statement fail; the others must not suffer for it. */
  private async writeOneByOne(group: readonly Waiting[]): Promise<void> {
    let unavailable: StoreUnavailable | undefined;
    for (const { item, resolve, reject } of group) {
      try {
        if (unavailable) throw unavailable;
        const [outcome] = await this.store([item]);
        resolve(outcome as WriteOutcome);
      } catch (fault) {
        if (fault instanceof StoreUnavailable) unavailable = fault;
        reject(fault);
      }
    }
    this.options.stored();
  }

  private store(items: readonly WriteItem[]): Promise<readonly WriteOutcome[]> {
    return this.connection.run((client) => writeGroup(client, this.options.schema, prepareGroup(items)));
  }
}
