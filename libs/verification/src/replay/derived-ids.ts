import type { Sha1 } from '@aidtrail/envelope';
import { readUuid } from './uuid.js';

const NAMESPACE_BYTES = 16;
/** Names are decimal numbers of events and rows. */
const LONGEST_NAME = 16;

/**
 * Ids of version 5 as four words, by `uuidV5`, in memory that is used again: no texts are made for a million events that are
 * in order.
 */
export class DerivedIds {
  private readonly derived = new Uint32Array(4);
  private readonly input = new Uint8Array(new ArrayBuffer(256), 0, NAMESPACE_BYTES + LONGEST_NAME);
  /** Its beginnings, by the length of the name. */
  private readonly inputs = Array.from({ length: LONGEST_NAME + 1 }, (_, length) =>
    this.input.subarray(0, NAMESPACE_BYTES + length),
  );
  private readonly id = new Uint32Array(4);

  constructor(private readonly sha1: Sha1) {}

  /** Words that the next call writes over. Throws RangeError unless the namespace is a UUID and the name short ASCII. */
  derive(namespace: string, name: string): Uint32Array {
    const { derived, input } = this;
    const place = this.inputs[name.length];
    if (place === undefined || !readUuid(namespace, 0, derived))
      throw new RangeError('A UUID and a number are expected.');
    for (let i = 0; i < NAMESPACE_BYTES; i += 1) input[i] = (derived[i >> 2] as number) >>> (24 - 8 * (i & 3));
    for (let i = 0; i < name.length; i += 1) input[NAMESPACE_BYTES + i] = name.charCodeAt(i);
    const hash = this.sha1(place);
    for (let i = 0; i < 4; i += 1) {
      derived[i] =
        ((hash[4 * i] as number) << 24) |
        ((hash[4 * i + 1] as number) << 16) |
        ((hash[4 * i + 2] as number) << 8) |
        (hash[4 * i + 3] as number);
    }
    derived[1] = ((derived[1] as number) & 0xffff_0fff) | 0x5000;
    derived[2] = ((derived[2] as number) & 0x3fff_ffff) | 0x8000_0000;
    return derived;
  }

  /** Whether `id` is the one that follows. */
  follows(id: string, namespace: string, name: string): boolean {
    const derived = this.derive(namespace, name);
    return readUuid(id, 0, this.id) && this.id.every((word, i) => word === derived[i]);
  }
}
