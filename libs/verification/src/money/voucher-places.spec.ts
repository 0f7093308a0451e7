import type { VoucherPlace } from '@aidtrail/domain';
import fc from 'fast-check';
import { PackedVoucherPlaces } from './voucher-places.js';

const uuid = '0f0e0d0c-0b0a-4908-8706-050403020100';

describe('places of vouchers', () => {
  it('are what a map would hold, whatever the streams are called', () => {
    const streams = fc.oneof(
      fc.uuid().map((id) => `voucher-${id}`),
      fc.constantFrom(
        `voucher-${uuid}`,
        'voucher-forged',
        `voucher-${uuid}0`,
        `voucher-${uuid.toUpperCase()}`,
        `nothing-${uuid}`,
      ),
    );
    const addresses = fc.nat({ max: Number.MAX_SAFE_INTEGER });
    const places = fc.record({
      batch: fc.constantFrom('batch-a', 'batch-b'),
      interval: fc.tuple(addresses, addresses),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(streams, places), { maxLength: 60 }), (all) => {
        const packed = new PackedVoucherPlaces();
        const expected = new Map<string, VoucherPlace>();
        for (const [stream, place] of all) {
          expect(packed.get(stream)).toEqual(expected.get(stream));
          packed.set(stream, place);
          expected.set(stream, place);
        }
        for (const [stream, place] of expected) expect(packed.get(stream)).toEqual(place);
      }),
    );
  });
});
