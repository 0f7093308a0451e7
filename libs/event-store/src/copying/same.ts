import type { CommandOutcome, StoredEvent } from '../port.js';

/** Every field and every byte. */
export function isSameEvent(one: StoredEvent, other: StoredEvent): boolean {
  return (
    one.position === other.position &&
    one.stream === other.stream &&
    one.version === other.version &&
    one.id === other.id &&
    isSameBytes(one.bytes, other.bytes) &&
    isSameBytes(one.sealed, other.sealed)
  );
}

export function isSameOutcome(one: CommandOutcome, other: CommandOutcome | undefined): boolean {
  return (
    other !== undefined &&
    one.kind === other.kind &&
    one.commandId === other.commandId &&
    isSameBytes(one.bodyHash, other.bodyHash) &&
    isSameBytes(one.answer, other.answer)
  );
}

function isSameBytes(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return Buffer.compare(one, other) === 0;
}
