/**
 * Parameters in PostgreSQL's binary array format (array_recv): no hexadecimal detour for bytes, nothing to escape.
 * Layout: dimensions, has-null flag, element type, then size and lower bound, then each element with its length.
 */
const oid = { boolean: 16, bytea: 17, int4: 23, text: 25, uuid: 2950 } as const;
const headerBytes = 20;

export function int4Array(values: readonly number[]): Buffer {
  return fixedArray(oid.int4, 4, values, (buffer, offset, value) => buffer.writeInt32BE(value, offset));
}

export function booleanArray(values: readonly boolean[]): Buffer {
  return fixedArray(oid.boolean, 1, values, (buffer, offset, value) => buffer.writeUInt8(value ? 1 : 0, offset));
}

export function uuidArray(values: readonly string[]): Buffer {
  return fixedArray(oid.uuid, 16, values, (buffer, offset, value) =>
    buffer.write(value.replaceAll('-', ''), offset, 'hex'),
  );
}

/** Names of streams: ASCII only. */
export function textArray(values: readonly string[]): Buffer {
  let size = headerBytes;
  for (const value of values) size += 4 + value.length;
  const buffer = header(oid.text, values.length, false, size);
  let offset = headerBytes;
  for (const value of values) {
    offset = buffer.writeInt32BE(value.length, offset);
    offset += buffer.write(value, offset, 'latin1');
  }
  return buffer;
}

export function byteaArray(values: readonly (Uint8Array | undefined)[]): Buffer {
  let size = headerBytes;
  let hasNull = false;
  for (const value of values) {
    size += 4 + (value?.length ?? 0);
    hasNull ||= value === undefined;
  }
  const buffer = header(oid.bytea, values.length, hasNull, size);
  let offset = headerBytes;
  for (const value of values) {
    offset = buffer.writeInt32BE(value?.length ?? -1, offset);
    if (value === undefined) continue;
    buffer.set(value, offset);
    offset += value.length;
  }
  return buffer;
}

function fixedArray<T>(
  type: number,
  width: number,
  values: readonly T[],
  write: (buffer: Buffer, offset: number, value: T) => void,
): Buffer {
  const buffer = header(type, values.length, false, headerBytes + values.length * (4 + width));
  let offset = headerBytes;
  for (const value of values) {
    offset = buffer.writeInt32BE(width, offset);
    write(buffer, offset, value);
    offset += width;
  }
  return buffer;
}

/** An empty array has no dimension, and its buffer ends after the element type. */
function header(type: number, length: number, hasNull: boolean, size: number): Buffer {
  const buffer = Buffer.allocUnsafe(length === 0 ? 12 : size);
  buffer.writeInt32BE(length === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(hasNull ? 1 : 0, 4);
  buffer.writeInt32BE(type, 8);
  if (length > 0) {
    buffer.writeInt32BE(length, 12);
    buffer.writeInt32BE(1, 16);
  }
  return buffer;
}
