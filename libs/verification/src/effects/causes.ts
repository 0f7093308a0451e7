import type { AuditedLeaf } from '../audit/leaf-check.js';
import { RecordTable } from '../replay/record-table.js';
import { readUuid } from '../replay/uuid.js';
import type { EffectDesk } from './effect-desk.js';

/** An event whose effects have not all come yet. */
export interface OpenCause {
  /** Its policy, as `policyTriggers` names it. */
  readonly policy: string;
  /** Leaf index of the event. */
  readonly position: number;
  isComplete(): boolean;
  /** Reports what did not come although it must have; called once. */
  reportMissing(): void;
}

/**
 * The causes whose effects may still be on their way, in log order.
 *
 * The ledger's runner does everything that follows from one event before it looks at the next one, and saves its position
 * only afterwards; a second process starts at a position that one of them saved. So once an effect of a later cause is
 * there, all effects of the earlier ones are, or never will be. A log in which nothing follows at all is given two more
 * days.
 */
export class OpenCauses {
  private queue: OpenCause[] = [];
  private head = 0;
  private lastDay = -1;

  add(cause: OpenCause): void {
    this.queue.push(cause);
  }

  /** An effect of the cause at this leaf is there. */
  reached(position: number): void {
    for (let first = this.queue[this.head]; first !== undefined && first.position < position;) {
      if (!first.isComplete()) first.reportMissing();
      this.head += 1;
      first = this.queue[this.head];
    }
    if (this.head < LONGEST_DONE) return;
    this.queue = this.queue.slice(this.head);
    this.head = 0;
  }

  dayStarted(position: number): void {
    this.reached(this.lastDay);
    this.lastDay = position;
  }

  /** How many causes wait for effects, by policy. */
  pending(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (let i = this.head; i < this.queue.length; i += 1) {
      const cause = this.queue[i] as OpenCause;
      if (!cause.isComplete()) counts[cause.policy] = (counts[cause.policy] ?? 0) + 1;
    }
    return counts;
  }
}

const LONGEST_DONE = 1_024;

/** The causes of one policy by their ids; of those that have all their effects little more than the id is kept. */
export class CauseBook<C extends OpenCause> {
  private readonly open = new Map<string, C>();
  private readonly done = new RecordTable();
  private readonly key = new Uint32Array(4);

  constructor(
    private readonly desk: EffectDesk,
    private readonly queue: OpenCauses,
  ) {}

  add(id: string, cause: C): void {
    this.open.set(id, cause);
    this.queue.add(cause);
  }

  /** The cause that an effect names. Reports the effect if there is none that waits for it. */
  causeOf({ index, event }: AuditedLeaf, ref: string): C | undefined {
    const cause = this.open.get(ref);
    if (cause !== undefined) {
      this.queue.reached(cause.position);
      return cause;
    }
    const code = this.isDone(ref) ? 'effect_repeated' : 'effect_without_cause';
    this.desk.find(code, index, { subject: event.stream, actual: ref });
    return undefined;
  }

  close(id: string): void {
    this.open.delete(id);
    if (readUuid(id, 0, this.key)) this.done.put(this.done.find(this.key), this.key, 1, NOTHING);
  }

  private isDone(id: string): boolean {
    return readUuid(id, 0, this.key) && this.done.has(this.done.find(this.key));
  }
}

const NOTHING = new Uint8Array(0);
