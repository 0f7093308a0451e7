import { base64DecodeOrThrow, keyIdOf, type Sha256 } from '@aidtrail/envelope';

/** A public key in the forms that a check needs. */
export interface PublicKey {
  readonly bytes: Uint8Array;
  readonly keyId: string;
}

/** Far more than there are keys of officers and tills. */
const MAX_KEPT = 5_000;

/** Public keys by their base64, canonical by schema; those that sign again and again are decoded and hashed once. */
export class PublicKeys {
  private readonly kept = new Map<string, PublicKey>();

  constructor(private readonly sha256: Sha256) {}

  /** Of a key that signs once or twice, such as a voucher's holder's. */
  once(publicKey: string): PublicKey {
    const bytes = base64DecodeOrThrow(publicKey);
    return { bytes, keyId: keyIdOf(bytes, this.sha256) };
  }

  get(publicKey: string): PublicKey {
    const kept = this.kept.get(publicKey);
    if (kept !== undefined) return kept;
    const key = this.once(publicKey);
    if (this.kept.size >= MAX_KEPT) this.kept.delete(this.kept.keys().next().value as string);
    this.kept.set(publicKey, key);
    return key;
  }
}
