import {
  nodeHmacSha256,
  nodeSha1,
  nodeSha256,
  openSealedOrThrow,
  sealDisclosures,
  type CryptoPool,
} from '@aidtrail/crypto-node';
import { prepareLeaf, type LeafTools, type Signer } from '@aidtrail/envelope';
import type { LedgerCrypto } from '@aidtrail/ledger';

/** The ledger's crypto port over libsodium: single leaves on this thread, verifications and bulk in the pool. */
export function createLedgerCrypto(
  eventSigner: Signer,
  pool: Pick<CryptoPool, 'verify' | 'acceptIfSigned' | 'prepareLeaves'>,
): LedgerCrypto {
  const tools: LeafTools = { signer: eventSigner, seal: sealDisclosures, sha256: nodeSha256, hmac: nodeHmacSha256 };
  return {
    eventSigner,
    verifyAll: async (jobs) => (await Promise.all(jobs.map((job) => pool.verify(job)))).every(Boolean),
    acceptIfSigned: (signatures, job) => pool.acceptIfSigned(signatures, job),
    prepareLeaf: (job) => prepareLeaf(job, tools),
    prepareLeaves: (jobs) => pool.prepareLeaves(jobs),
    sha256: nodeSha256,
    hmacSha256: nodeHmacSha256,
    sha1: nodeSha1,
    openSealed: openSealedOrThrow,
  };
}
