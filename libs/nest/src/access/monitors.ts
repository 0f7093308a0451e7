import { createHash, timingSafeEqual } from 'node:crypto';

/** A request as far as a monitor shows itself in it. */
export interface MonitorRequest {
  readonly headers: { readonly authorization?: string | undefined };
}

/**
 * Who may see how the ledger moves between two publications: figures that go up by one with each event tell the second of a
 * redemption, which slots are there to hide. A monitor shows a token that the operator has put into a file.
 */
export class Monitors {
  private readonly digest: Uint8Array | undefined;

  /** Without a token nobody is one. */
  constructor(token?: string) {
    this.digest = token === undefined ? undefined : sha256(token);
  }

  /** Untrusted: the header. Compared by digest, in constant time. */
  admits({ headers }: MonitorRequest): boolean {
    const [, token] = /^Bearer ([\x21-\x7e]{1,256})$/i.exec(headers.authorization ?? '') ?? [];
    return token !== undefined && this.digest !== undefined && timingSafeEqual(sha256(token), this.digest);
  }
}

/** Injection token of `Monitors`. */
export const MONITORS = Symbol('MONITORS');

function sha256(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}
