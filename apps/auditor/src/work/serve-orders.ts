import type { MessagePort } from 'node:worker_threads';
import { nodeSha256 } from '@aidtrail/crypto-node/built-in';
import type { Ed25519Verifier } from '@aidtrail/envelope';
import { createTreeHasher, hashEntries, parseEntryBundleOrThrow } from '@aidtrail/public-log';
import { unpack, type Order, type Result } from './orders.js';

const hasher = createTreeHasher(nodeSha256);

/** The body of an auditor's thread: hashes bundles and verifies signatures until it is ended. */
export function serveOrders(port: MessagePort, verifier: Ed25519Verifier): void {
  port.on('message', (order: Order) => {
    const { result, memory } = order.kind === 'hash' ? hash(order) : verify(order, verifier);
    port.postMessage(result, memory);
  });
}

interface Done {
  readonly result: Result;
  readonly memory: readonly ArrayBuffer[];
}

function hash({ id, memory, used, width }: Extract<Order, { kind: 'hash' }>): Done {
  const { hashes, root } = hashEntries(parseEntryBundleOrThrow(memory.subarray(0, used), width), hasher);
  const result: Result = { kind: 'hashed', id, memory, hashes, ...(root === undefined ? {} : { root }) };
  return { result, memory: [hashes.buffer as ArrayBuffer, memory.buffer as ArrayBuffer] };
}

function verify({ id, memory, used }: Extract<Order, { kind: 'verify' }>, verifier: Ed25519Verifier): Done {
  const invalid: number[] = [];
  let number = 0;
  for (const signed of unpack(memory, used)) {
    if (!verifier.verify(signed)) invalid.push(number);
    number += 1;
  }
  return { result: { kind: 'verified', id, invalid, memory }, memory: [memory.buffer as ArrayBuffer] };
}
