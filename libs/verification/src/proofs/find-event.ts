import { utf8Encode } from '@aidtrail/envelope';
import type { ReadLogFile } from '@aidtrail/public-log';
import { leafIn } from './included-entry.js';
import { entriesOf } from './log-entries.js';

/** Untrusted: what `read` gives. The index of the event with this id among the first `size` leaves; undefined if none has it. */
export async function findEvent(read: ReadLogFile, id: string, size: number): Promise<number | undefined> {
  const wanted = utf8Encode(id);
  for await (const { index, entry } of entriesOf(read, size))
    if (holdsBytes(entry, wanted) && leafIn(entry)?.id === id) return index;
  return undefined;
}

/** Whether `part` stands in `bytes`; reading JSON costs far more than looking for an id in it. */
export function holdsBytes(bytes: Uint8Array, part: Uint8Array): boolean {
  const [first] = part;
  if (first === undefined) return true;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let length = 1;
    while (length < part.length && bytes[at + length] === part[length]) length += 1;
    if (length === part.length) return true;
  }
  return false;
}
