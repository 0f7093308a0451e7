import type { AuditedLeaf } from '../audit/leaf-check.js';
import type { EffectDesk } from './effect-desk.js';

/**
 * A signed command may bring about several events of one kind at once; those after the first one name the first as their
 * cause, and follow it directly.
 */
export class CommandRuns {
  private first: AuditedLeaf['event'] | undefined;
  private command = '';
  private come = 0;

  constructor(private readonly desk: EffectDesk) {}

  signed({ event }: AuditedLeaf, command: string): void {
    this.reportMissing();
    this.first = event;
    this.command = command;
    this.come = 1;
  }

  follows(leaf: AuditedLeaf, ref: string): void {
    const { event, index } = leaf;
    const { first, command, come } = this;
    const isNext =
      first !== undefined &&
      first.id === ref &&
      first.stream === event.stream &&
      first.type === event.type &&
      first.position + come === index;
    if (!isNext) this.desk.find('effect_without_cause', index, { subject: event.stream, actual: ref });
    else this.desk.checkId(leaf, command, come);
    this.come += 1;
  }

  /** Parts are appended at once. Some events say how many there are. */
  private reportMissing(): void {
    const { first, come } = this;
    if (first?.type !== 'TransferSent' || come >= first.data.parts) return;
    const { stream: subject, position, data } = first;
    this.desk.find('effect_missing', position, { subject, expected: data.parts, actual: come });
  }
}
