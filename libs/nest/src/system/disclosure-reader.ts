import { utf8DecodeOrThrow } from '@aidtrail/envelope';
import type { StoredEvent } from '@aidtrail/event-store';
import type { LedgerCrypto, SealKeys } from '@aidtrail/ledger';
import type { DisclosureReader } from '@aidtrail/read-models';

/** Opens what was sealed beside the events; an event whose subject was erased has nothing to read any more. */
export function createDisclosureReader(sealKeys: SealKeys, crypto: Pick<LedgerCrypto, 'openSealed'>): DisclosureReader {
  return { privateOf: (events) => openEach(events, sealKeys, crypto, fieldsOf) };
}

/** An event's disclosures as they are handed over: base64url, with their salts, in the order in which they were made. */
export interface DisclosureLister {
  /** In the order of the events; undefined where there are none, or where the subject was erased. */
  of(events: readonly StoredEvent[]): Promise<readonly (readonly string[] | undefined)[]>;
}

export function createDisclosureLister(sealKeys: SealKeys, crypto: Pick<LedgerCrypto, 'openSealed'>): DisclosureLister {
  return {
    of: (events) =>
      openEach(events, sealKeys, crypto, (plaintext) => JSON.parse(utf8DecodeOrThrow(plaintext)) as string[]),
  };
}

async function openEach<T>(
  events: readonly StoredEvent[],
  sealKeys: SealKeys,
  crypto: Pick<LedgerCrypto, 'openSealed'>,
  read: (plaintext: Uint8Array) => T,
): Promise<readonly (T | undefined)[]> {
  const streams = new Set(events.filter(({ sealed }) => sealed !== undefined).map(({ stream }) => stream));
  const keys = await sealKeys.keysOf([...streams]);
  return events.map(({ id, stream, sealed }) => {
    const key = keys.get(stream);
    if (sealed === undefined || key === undefined || key === 'erased') return undefined;
    return read(crypto.openSealed(key, id, sealed));
  });
}

/**
 * The fields of a sealed list of disclosures. It was read strictly before it was sealed, and the seal is authentic, so it
 * is what `JSON.stringify` wrote of texts in which nothing is escaped, and no field stands in it twice.
 */
function fieldsOf(plaintext: Uint8Array): Readonly<Record<string, unknown>> {
  const list = Buffer.from(plaintext.buffer, plaintext.byteOffset, plaintext.length).toString(
    'latin1',
    2,
    plaintext.length - 2,
  );
  const disclosures = list.split('","').map((disclosure) => Buffer.from(disclosure, 'base64url').toString());
  const fields: Record<string, unknown> = {};
  for (const [, name, value] of JSON.parse(`[${disclosures.join(',')}]`) as [string, string, unknown][])
    fields[name] = value;
  return fields;
}
