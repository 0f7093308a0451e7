import { uuidV5, sha1 } from '@aidtrail/envelope';
import fc from 'fast-check';
import { DerivedIds } from './derived-ids.js';
import { uuidOf } from './uuid.js';

const names = fc.nat({ max: Number.MAX_SAFE_INTEGER }).map(String);

describe('derived ids', () => {
  const ids = new DerivedIds(sha1);

  it('are those of uuidV5, whatever was derived before', () => {
    fc.assert(
      fc.property(fc.uuid(), names, fc.uuid(), (namespace, name, other) => {
        const expected = uuidV5(namespace, name, sha1);
        expect(uuidOf(ids.derive(namespace, name))).toBe(expected);
        expect(ids.follows(expected, namespace, name)).toBe(true);
        expect(ids.follows(other, namespace, name)).toBe(false);
      }),
    );
  });

  it('are not made of anything but UUIDs and short names', () => {
    expect(() => ids.derive('event-1', '0')).toThrow(RangeError);
    expect(() => ids.derive('0f0e0d0c-0b0a-4908-8706-050403020100', '12345678901234567')).toThrow(RangeError);
  });
});
