/** UUIDs as 16 bytes. */
export function writeUuid(target: Uint8Array, offset: number, uuid: string): void {
  let at = offset;
  for (let i = 0; i < 36; i += 2) {
    if (uuid.charCodeAt(i) === dash) i += 1;
    target[at++] = (nibble(uuid.charCodeAt(i)) << 4) | nibble(uuid.charCodeAt(i + 1));
  }
}

export function readUuid(source: Uint8Array, offset: number): string {
  const hex = Buffer.from(source.buffer, source.byteOffset + offset, 16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const dash = 45;

function nibble(code: number): number {
  return code <= 57 ? code - 48 : code - 87;
}
