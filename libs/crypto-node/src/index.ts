export { nodeHmacSha256, nodeSha1, nodeSha256 } from './hashes.js';
export { sodiumSigner, sodiumVerifier } from './ed25519.js';
export { CannotOpen, openSealedOrThrow, sealDisclosures, unwrapKeyOrThrow, wrapKey } from './seal.js';
export { createKeyFile, KeyFileProblem, readKeyFileOrThrow } from './key-file.js';
export type { KeyFileKind } from './key-file.js';
export { CryptoPool } from './crypto-pool.js';
export type { CryptoPoolOptions } from './crypto-pool.js';
