import { concatBytes, HEX_OF_BYTE, hexDecodeOrThrow, utf8Encode } from './bytes.js';
import { sha1 as portableSha1 } from './hashes.js';
import type { Sha1 } from './hashes.js';
import { MalformedInput } from './malformed-input.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[458][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const ANY_UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Lower case, RFC 9562 variant, version 4, 5 or 8. Version 7 would tell the millisecond; the others do not occur. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/** Throws `not_uuid`. */
export function parseUuidOrThrow(value: unknown): string {
  if (!isUuid(value)) throw new MalformedInput('not_uuid', 'Expected a lower-case UUID of version 4, 5 or 8.');
  return value;
}

/**
 * A command's id is of version 4: ids of versions 5 and 8 follow from others, and a command could take the place of an
 * event or a stream that is yet to come. Throws `bad_command_id`.
 */
export function commandIdOrThrow(value: unknown, where: string): string {
  if (isUuid(value) && value.charAt(14) === '4') return value;
  throw new MalformedInput('bad_command_id', `${where}: expected a lower-case UUID of version 4.`);
}

/** RFC 9562 section 5.5: the id that follows from a namespace id and a name. */
export function uuidV5(namespace: string, name: string, sha1: Sha1 = portableSha1): string {
  // Thousands of effects of one cause have its id as their namespace.
  if (namespace !== latest.namespace) latest = { namespace, bytes: namespaceBytesOrThrow(namespace) };
  return formatUuid(sha1(concatBytes(latest.bytes, utf8Encode(name))), 5);
}

let latest = { namespace: '', bytes: new Uint8Array(0) };

function namespaceBytesOrThrow(namespace: string): Uint8Array<ArrayBuffer> {
  // Of any version: the standard's own namespaces are of version 1.
  if (!ANY_UUID.test(namespace)) throw new MalformedInput('not_uuid', 'A namespace is a lower-case UUID.');
  return new Uint8Array(hexDecodeOrThrow(namespace.replaceAll('-', '')));
}

/** RFC 9562 section 5.8: the first 128 bits given (those of an HMAC), with version and variant set. */
export function uuidV8(first16Bytes: Uint8Array): string {
  if (first16Bytes.length < 16) throw new MalformedInput('bad_shape', 'A UUID needs at least 16 bytes.');
  return formatUuid(first16Bytes, 8);
}

function formatUuid(source: Uint8Array, version: 5 | 8): string {
  let text = '';
  for (let i = 0; i < 16; i += 1) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    let byte = source[i] as number;
    if (i === 6) byte = (byte & 0x0f) | (version << 4);
    if (i === 8) byte = (byte & 0x3f) | 0x80;
    text += HEX_OF_BYTE[byte] as string;
  }
  return text;
}
