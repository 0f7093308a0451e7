import { openDisclosures, utf8DecodeOrThrow } from '@aidtrail/envelope';
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
        return openDisclosures(JSON.parse(utf8DecodeOrThrow(crypto.openSealed(key, id, sealed))) as string[]);
      });
    },
  };
}
