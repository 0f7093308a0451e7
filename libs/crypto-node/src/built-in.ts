/** What Node.js can do by itself: for programs that must run without native packages. */
export { nodeSha1, nodeSha256 } from './hashes.js';
export { nodeVerifier } from './node-verifier.js';
