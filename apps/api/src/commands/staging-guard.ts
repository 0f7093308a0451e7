import { isUuid, type SignedCommand } from '@aidtrail/envelope';
import { Problem, type System } from '@aidtrail/nest';

/**
 * Keeps out a RecordIntake or DraftBatch whose rows the registers do not hold: once such a command is in the log, the
 * policy that turns it into donations or vouchers finds no rows, and everything after it waits. The registers are no part
 * of the log, so this stands at the edge, and is a rejection: the same command may come again when its rows are there.
 */
export class StagingGuard {
  constructor(private readonly system: Pick<System, 'donors' | 'people' | 'store'>) {}

  /** Undefined for every other command, so that these do not wait. Rejects with Problem `not_staged`. */
  requireStaged({ body }: SignedCommand): Promise<void> | undefined {
    const { type, id, data } = body;
    if (type === 'RecordIntake') {
      return this.require(id, async () => {
        const staged = await this.system.donors.stagedIntake(id);
        return isSame(data, staged && { ...staged }, ['count', 'totalMinor', 'rowsRoot']);
      });
    }
    const { batch } = data;
    // Untrusted: what is no id at all is the ledger's to refuse.
    if (type === 'DraftBatch' && typeof batch === 'string' && isUuid(batch)) {
      return this.require(id, async () => {
        const prepared = await this.system.people.preparedBatch(batch);
        return isSame(data, prepared && { ...prepared }, ['count', 'rosterRoot']);
      });
    }
    return undefined;
  }

  private async require(commandId: string, isStaged: () => Promise<boolean>): Promise<void> {
    if (await isStaged()) return;
    // What was answered once keeps its answer, also when its rows are gone.
    if ((await this.system.store.outcomeOf(commandId)) === undefined) throw new Problem('not_staged');
  }
}

function isSame(
  data: SignedCommand['body']['data'],
  held: Readonly<Record<string, unknown>> | undefined,
  members: readonly string[],
): boolean {
  return held !== undefined && members.every((member) => data[member] === held[member]);
}
