import { sodiumVerifier } from '@aidtrail/crypto-node';
import {
  base64DecodeOrThrow,
  base64Encode,
  leafHash,
  parseLeafOrThrow,
  verifyLeafSignature,
  type Leaf,
} from '@aidtrail/envelope';
import type { EventStore } from '@aidtrail/event-store';

/** A leaf as anybody may read it, once it is published. */
export interface PublicLeaf {
  readonly position: number;
  readonly leaf: Leaf;
  readonly leafHash: string;
}

/** What the operator holds: the public leaves, and those that wait for the end of their slot. */
export async function readStoredLog(store: EventStore, eventKey: string): Promise<readonly PublicLeaf[]> {
  const leaves: PublicLeaf[] = [];
  for await (const batch of store.readAll({ from: 0 }))
    for (const { position, bytes } of batch) leaves.push(verified(position, bytes, base64DecodeOrThrow(eventKey)));
  return leaves;
}

/** All public leaves over HTTP; each is parsed as strictly as an auditor would, and its signature is verified. */
export async function readPublicLog(baseUrl: string, eventKey: string): Promise<readonly PublicLeaf[]> {
  const publicKey = base64DecodeOrThrow(eventKey);
  const leaves: PublicLeaf[] = [];
  for (;;) {
    const response = await fetch(new URL(`/events?from=${leaves.length}&limit=10000`, baseUrl));
    if (!response.ok) throw new Error(`The log does not hand out its leaves: ${response.status}.`);
    const lines = (await response.text()).split('\n').filter((line) => line !== '');
    if (lines.length === 0) return leaves;
    for (const line of lines) {
      const { position, leaf: text } = JSON.parse(line) as { readonly position: number; readonly leaf: string };
      leaves.push(verified(position, base64DecodeOrThrow(text), publicKey));
    }
  }
}

function verified(position: number, bytes: Uint8Array, publicKey: Uint8Array): PublicLeaf {
  const leaf = parseLeafOrThrow(bytes);
  if (!verifyLeafSignature(sodiumVerifier, leaf, publicKey)) throw new Error(`Leaf ${position} is not signed.`);
  return { position, leaf, leafHash: base64Encode(leafHash(bytes)) };
}

/** Positions that are not the next one, and versions that are not their stream's next one. Empty for a whole log. */
export function gapsIn(leaves: readonly PublicLeaf[]): readonly string[] {
  const versions = new Map<string, number>();
  return leaves.flatMap(({ position, leaf: { stream, version } }, i) => {
    const before = versions.get(stream) ?? 0;
    versions.set(stream, version);
    return [
      ...(position === i ? [] : [`position ${position} stands at ${i}`]),
      ...(version === before + 1 ? [] : [`${stream} goes from version ${before} to ${version}`]),
    ];
  });
}

/** The ids of the signed commands that leaves carry, with repetitions if there are any. */
export function commandIdsIn(leaves: readonly PublicLeaf[]): readonly string[] {
  return leaves.flatMap(({ leaf: { command } }) => ('body' in command ? [command.body.id] : []));
}

/** The newest signed checkpoint; undefined before the first. */
export async function fetchCheckpoint(baseUrl: string): Promise<string | undefined> {
  const response = await fetch(new URL('/log/checkpoint', baseUrl));
  return response.ok ? response.text() : undefined;
}
