/**
 * What travels between the auditor and its threads. The memory in it is handed over, not copied, and comes back to be
 * filled again: a thread that was left to throw it away would do so only every hundred megabytes.
 */
export type Order = {
  readonly id: number;
  readonly memory: Uint8Array;
  /** Bytes of it that mean something. */
  readonly used: number;
} & ({ readonly kind: 'hash'; readonly width: number } | { readonly kind: 'verify' });

export type Result = { readonly id: number; readonly memory: Uint8Array } & (
  | { readonly kind: 'hashed'; readonly hashes: Uint8Array; readonly root?: Uint8Array }
  /** The numbers, from 0, of the signatures that do not hold. */
  | { readonly kind: 'verified'; readonly invalid: readonly number[] }
);

const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const LENGTH_AT = PUBLIC_KEY_BYTES + SIGNATURE_BYTES;
const HEAD_BYTES = LENGTH_AT + 4;

export interface SignedMessage {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** A key or signature of another size cannot be packed, and holds nowhere. */
export function canBePacked({ publicKey, signature }: SignedMessage): boolean {
  return publicKey.length === PUBLIC_KEY_BYTES && signature.length === SIGNATURE_BYTES;
}

export function packedLength({ message }: SignedMessage): number {
  return HEAD_BYTES + message.length;
}

/** Key, signature, length of the message (32 bits, little-endian), message. Returns where the next one begins. */
export function pack({ publicKey, message, signature }: SignedMessage, memory: Uint8Array, at: number): number {
  memory.set(publicKey, at);
  memory.set(signature, at + PUBLIC_KEY_BYTES);
  const length = message.length;
  for (let i = 0; i < 4; i += 1) memory[at + LENGTH_AT + i] = (length >>> (8 * i)) & 0xff;
  memory.set(message, at + HEAD_BYTES);
  return at + HEAD_BYTES + length;
}

/** Views of the memory. */
export function* unpack(memory: Uint8Array, used: number): Iterable<SignedMessage> {
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  for (let at = 0; at < used;) {
    const length = view.getUint32(at + LENGTH_AT, true);
    yield {
      publicKey: memory.subarray(at, at + PUBLIC_KEY_BYTES),
      signature: memory.subarray(at + PUBLIC_KEY_BYTES, at + LENGTH_AT),
      message: memory.subarray(at + HEAD_BYTES, at + HEAD_BYTES + length),
    };
    at += HEAD_BYTES + length;
  }
}
