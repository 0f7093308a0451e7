import { reactToTransfer } from '@aidtrail/domain';
import type { AuditedLeaf } from '../audit/leaf-check.js';
import { CauseBook, type OpenCause, type OpenCauses } from './causes.js';
import { idIn, type DueEffect, type EffectDesk } from './effect-desk.js';
import { eventAs, type PolicyWatch } from './policy-watch.js';

interface Transfer extends OpenCause {
  readonly due: DueEffect;
  isReceived: boolean;
}

/** TransferSent → the other fund takes just this part in. */
export class TransferWatch implements PolicyWatch {
  private readonly transfers: CauseBook<Transfer>;

  constructor(
    private readonly desk: EffectDesk,
    queue: OpenCauses,
  ) {
    this.transfers = new CauseBook(desk, queue);
  }

  cause(leaf: AuditedLeaf): void {
    const event = eventAs<'TransferSent'>(leaf);
    const { id, position, stream } = event;
    for (const effect of reactToTransfer(event, idIn(stream))) {
      const transfer: Transfer = {
        policy: 'transfer',
        position,
        due: { cause: id, effect },
        isReceived: false,
        isComplete: () => transfer.isReceived,
        reportMissing: () =>
          this.desk.find('effect_missing', position, { subject: effect.stream, expected: 'TransferReceived' }),
      };
      this.transfers.add(id, transfer);
    }
  }

  effect(leaf: AuditedLeaf, ref: string): void {
    const transfer = this.transfers.causeOf(leaf, ref);
    if (transfer === undefined) return;
    this.desk.check(leaf, transfer.due);
    transfer.isReceived = true;
    this.transfers.close(ref);
  }
}
