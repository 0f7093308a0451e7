import { isQuorum, type LogPolicy, type PolicyWitness } from '@aidtrail/public-log';
import type { CosignatureStore, KeptCosignature } from './cosignature-store.js';

/**
 * What the witnesses of a policy have said of the signed checkpoints, in memory. A function of the kept cosignatures and
 * the policy, so whoever has both publishes the same files.
 */
export class CosignedCheckpoints {
  private cursor: number | undefined;
  /** By size, then by the name of the witness in the policy. */
  private readonly bySize = new Map<number, Map<string, KeptCosignature>>();
  private readonly last = new Map<string, KeptCosignature>();
  private readonly witnessNames: ReadonlyMap<string, string>;

  constructor(
    private readonly store: CosignatureStore,
    private readonly policy: Pick<LogPolicy, 'witnesses' | 'quorum'>,
  ) {
    this.witnessNames = new Map(policy.witnesses.map(({ name, key }) => [`${key.name}+${key.keyId}`, name]));
  }

  /** Takes in what was kept since, by this process or another. */
  async refresh(): Promise<void> {
    const { cosignatures, cursor } = await this.store.since(this.cursor);
    for (const cosignature of cosignatures) this.take(cosignature);
    this.cursor = cursor;
  }

  /** Keeps a verified cosignature of a witness. */
  async add(cosignature: KeptCosignature): Promise<void> {
    await this.store.add(cosignature);
    await this.refresh();
  }

  /** The signature lines for the checkpoint of this size, in the order of the policy; empty when there are none. */
  linesOf(size: number): string {
    const cosigned = this.bySize.get(size);
    return this.policy.witnesses.map(({ name }) => cosigned?.get(name)?.line ?? '').join('');
  }

  /** The largest size up to `atMost` whose cosignatures meet the quorum; undefined for none, or if none is asked for. */
  newestWitnessed(atMost: number): number | undefined {
    if (this.policy.quorum.kind === 'none') return undefined;
    let newest: number | undefined;
    for (const [size, cosigned] of this.bySize)
      if (size <= atMost && size > (newest ?? -1) && isQuorum(this.policy.quorum, new Set(cosigned.keys())))
        newest = size;
    return newest;
  }

  /** What a witness has cosigned last, that is of the largest size. */
  lastOf({ name }: Pick<PolicyWitness, 'name'>): KeptCosignature | undefined {
    return this.last.get(name);
  }

  /** To be called once the witnessed checkpoint of this size is published: what is below is not asked for again. */
  forgetBelow(size: number): void {
    for (const other of this.bySize.keys()) if (other < size) this.bySize.delete(other);
  }

  private take(cosignature: KeptCosignature): void {
    const { size, keyName, keyId } = cosignature;
    const name = this.witnessNames.get(`${keyName}+${keyId}`);
    if (name === undefined) return;
    const cosigned = this.bySize.get(size) ?? new Map<string, KeptCosignature>();
    this.bySize.set(size, cosigned.set(name, cosignature));
    if (size > (this.last.get(name)?.size ?? -1)) this.last.set(name, cosignature);
  }
}
