import type { LedgerCrypto, SealKeys } from '@aidtrail/ledger';
import type { DisclosureReader } from '@aidtrail/read-models';

/** Opens what was sealed beside the events; an event whose subject was erased has nothing to read any more. */
export function createDisclosureReader(sealKeys: SealKeys, crypto: Pick<LedgerCrypto, 'openSealed'>): DisclosureReader {
  return {
    privateOf: async (events) => {
      const streams = new Set(events.filter(({ sealed }) => sealed !== undefined).map(({ stream }) => stream));
      const keys = await sealKeys.keysOf([...streams]);
      return events.map(({ id, stream, sealed }) => {
        const key = keys.get(stream);
        if (sealed === undefined || key === undefined || key === 'erased') return undefined;
        return fieldsOf(crypto.openSealed(key, id, sealed));
      });
    },
  };
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
