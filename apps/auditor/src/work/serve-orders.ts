import type { MessagePort } from 'node:worker_threads';
import { nodeSha256 } from '@aidtrail/crypto-node/built-in';
import type { Ed25519Verifier } from '@aidtrail/envelope';
import { createTreeHasher, parseEntryBundleOrThrow } from '@aidtrail/public-log';
import { hashEntries } from '@aidtrail/verification';
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

function hash({ id, bundle, width }: Extract<Order, { kind: 'hash' }>): Done {
  const { hashes, root } = hashEntries(parseEntryBundleOrThrow(bundle, width), hasher);
  const result: Result = { kind: 'hashed', id, hashes, ...(root === undefined ? {} : { root }) };
  return { result, memory: [hashes.buffer as ArrayBuffer] };
}

function verify({ id, packed, used }: Extract<Order, { kind: 'verify' }>, verifier: Ed25519Verifier): Done {
  const invalid: number[] = [];
  let number = 0;
  for (const signed of unpack(packed, used)) {
    if (!verifier.verify(signed)) invalid.push(number);
    number += 1;
  }
  return { result: { kind: 'verified', id, invalid, packed }, memory: [packed.buffer as ArrayBuffer] };
}
