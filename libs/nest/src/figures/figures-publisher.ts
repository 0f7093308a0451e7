import { setTimeout as pause } from 'node:timers/promises';
import type { AnyCommand, KeyState } from '@aidtrail/domain';
import { signCommand, type JsonObject, type Signer } from '@aidtrail/envelope';
import type { EventStore } from '@aidtrail/event-store';
import { figuresWouldChange } from '@aidtrail/figures';
import type { Ledger } from '@aidtrail/ledger';
import type { CountedFigures } from '@aidtrail/read-models';

export interface FiguresPublisherParts {
  readonly origin: string;
  /** Asked when it is needed: the ledger itself asks for figures. */
  readonly ledger: () => Pick<Ledger, 'handle' | 'latestCheckpoint' | 'stateOf'>;
  readonly store: Pick<EventStore, 'head'>;
  /** What the read models have counted so far. */
  readonly counted: () => Promise<CountedFigures>;
  readonly signer: Signer;
  readonly newId: () => string;
  /** How long the read models may lag before these figures are given up; what comes after the slot is in the next. */
  readonly patienceMilliseconds: number;
  /** What an operator should do; without personal data. */
  readonly onWarning?: ((sentence: string) => void) | undefined;
}

const LOOK_EVERY_MILLISECONDS = 20;

/**
 * Publishes the public figures of a slot, if they changed: marks where they are cut, waits until the read models have
 * counted that far, and commits the ledger to the digest of what came out. Cut off between the two, the next slot
 * publishes the cut that is left. Two at once do no harm: of an older cut the ledger takes no figures. Where the read
 * models are slow the figures come after the slot in which they changed; these leaves change none, so it ends there.
 */
export class FiguresPublisher {
  private running: Promise<void> | undefined;
  private isMissed = false;

  constructor(private readonly parts: FiguresPublisherParts) {}

  /** One round; a call during a round joins it. Rejects when the store or the read models cannot be asked. */
  publish(): Promise<void> {
    return (this.running ??= this.round().finally(() => (this.running = undefined)));
  }

  private async round(): Promise<void> {
    if (!(await this.mayAct())) return;
    const counted = await this.countedUpTo(await this.parts.store.head());
    const { latest, state } = counted ?? {};
    if (latest !== undefined && !latest.isPublished) return this.commit(latest);
    if (state === undefined || !figuresWouldChange(state)) return;
    if (!(await this.submit({ type: 'CutFigures', data: {} }))) return;
    const after = await this.countedUpTo(await this.parts.store.head());
    const cut = after?.latest;
    if (cut !== undefined && cut.cut !== latest?.cut) await this.commit(cut);
  }

  private async commit({ cut, digest, disclosedDigest }: NonNullable<CountedFigures['latest']>): Promise<void> {
    const data = { cut, digest, ...(disclosedDigest === undefined ? {} : { disclosedDigest }) };
    await this.submit({ type: 'PublishFigures', data });
  }

  /** Undefined if the read models do not get there in time. */
  private async countedUpTo(position: number): Promise<CountedFigures | undefined> {
    for (let waited = 0; ; waited += LOOK_EVERY_MILLISECONDS) {
      const counted = await this.parts.counted();
      if (counted.nextPosition >= position) return counted;
      if (waited >= this.parts.patienceMilliseconds) return undefined;
      await pause(LOOK_EVERY_MILLISECONDS);
    }
  }

  private async mayAct(): Promise<boolean> {
    const { ledger, onWarning, signer } = this.parts;
    const { state } = await ledger().stateOf(`key-${signer.keyId}`);
    const key = state as KeyState;
    if (key.status === 'approved' && key.role === 'service') return true;
    if (!this.isMissed)
      onWarning?.(
        `No public figures are published: two root officers have to enrol the key ${signer.keyId} of keys/figures.key ` +
          'with the role service (EnrollKey, ApproveKey).',
      );
    this.isMissed = true;
    return false;
  }

  /** False if the ledger did not take it: somebody else was faster, or there is nothing to do. */
  private async submit({
    type,
    data,
  }: {
    readonly type: AnyCommand['type'];
    readonly data: JsonObject;
  }): Promise<boolean> {
    const { ledger, newId, origin, signer } = this.parts;
    const { size, root } = await ledger().latestCheckpoint();
    const body = { v: 1 as const, log: origin, type, id: newId(), key: signer.keyId, anchor: { size, root }, data };
    const { kind } = await ledger().handle(signCommand({ body, signers: [signer] }));
    return kind === 'accepted';
  }
}
