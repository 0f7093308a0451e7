import { formatSignatureLine, createCosigner, TileBuilder, tilePath, type Cosigner } from '@aidtrail/public-log';
import { parsePolicyOrThrow, formatVkey, type LogPolicy, type ReadLogFile } from '@aidtrail/public-log';
import { utf8Encode } from '@aidtrail/envelope';
import { newSigner, treeHasher, type HarnessInternals, type LedgerHarness } from '@aidtrail/testing/ledger';

/** A harness's log as it would be published, with three witnesses of which two are enough. */
export class PublishedLog {
  readonly files = new Map<string, Uint8Array>();
  readonly witnesses: readonly Cosigner[] = ['one', 'two', 'three'].map((name) =>
    createCosigner(`witness.example/${name}`, newSigner()),
  );
  readonly policy: LogPolicy;
  private readonly builder = new TileBuilder(treeHasher);

  constructor(private readonly h: LedgerHarness & HarnessInternals) {
    this.policy = parsePolicyOrThrow(
      [
        `log ${formatVkey(h.noteSigner.key)}`,
        ...this.witnesses.map(({ key }, i) => `witness w${i} ${formatVkey(key)}`),
        'group all 2 w0 w1 w2',
        'quorum all',
        '',
      ].join('\n'),
    );
  }

  readonly read: ReadLogFile = async (path) => this.files.get(path);

  /** Signs a checkpoint over all events, has it cosigned at `time` (POSIX seconds) and publishes. Resolves to its note. */
  async publish({ time, cosigners = 2 }: { readonly time: number; readonly cosigners?: number }): Promise<string> {
    await this.h.ledger.checkpoint({ force: true });
    const newest = await this.h.checkpoints.newest();
    if (newest === undefined) throw new Error('There is no checkpoint.');
    for await (const batch of this.h.store.readAll({ from: this.builder.size, before: newest.size }))
      for (const { bytes } of batch) this.builder.append(bytes);
    for (const { id, bytes } of [...this.builder.takeFull(), ...this.builder.partials()])
      this.files.set(tilePath(id), Uint8Array.from(bytes));
    const text = newest.note.slice(0, newest.note.indexOf('\n\n') + 1);
    const lines = this.witnesses.slice(0, cosigners).map((one) => formatSignatureLine(one.cosign(text, time)));
    const note = newest.note + lines.join('');
    this.files.set('checkpoint', utf8Encode(note));
    if (cosigners >= 2) this.files.set('witnessed-checkpoint', utf8Encode(note));
    return note;
  }
}
