import { MalformedInput } from '@aidtrail/envelope';
import fc from 'fast-check';
import { parseTilePathOrThrow, tilePath, type TileId } from './tile-path.js';

const known: readonly (readonly [string, TileId])[] = [
  ['tile/entries/000.p/255', { level: 'entries', index: 0, width: 255 }],
  ['tile/entries/001.p/1', { level: 'entries', index: 1, width: 1 }],
  ['tile/entries/000', { level: 'entries', index: 0, width: 256 }],
  ['tile/entries/x123/x456/789', { level: 'entries', index: 123_456_789, width: 256 }],
  ['tile/15/x455/667', { level: 15, index: 455_667, width: 256 }],
  ['tile/15/x123/x456/789.p/41', { level: 15, index: 123_456_789, width: 41 }],
  ['tile/0/x001/x234/067', { level: 0, index: 1_234_067, width: 256 }],
  ['tile/63/x001/x000/x000/x000/000.p/255', { level: 63, index: 1e12, width: 255 }],
];

describe('the path of a tile', () => {
  it.each(known)('is %s', (path, tile) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePathOrThrow(path)).toEqual(tile);
  });

  it.each([
    'tile/0/x001/x234/067.p/',
    'tile/0/x001/x234/067.p/0',
    'tile/0/x001/x234/067.p/256',
    'tile/0/x001/x234/067.p/07',
    'tile/0/x001/x234/067.p/-1',
    'tile/0/x001/x234/067.p',
    'tile/0/x001/x234/',
    'tile/0/x001/x234',
    'tile/0/x001/',
    'tile/0/x001',
    'tile/0/x001/.p/abc',
    'tile/64/001',
    'tile/-1/001',
    'tile/abc/001',
    'tile/00/001',
    'tile/0/001/002',
    'tile/0/x001/0002',
    'tile/0/x001/-002',
    'tile/0/x000/001',
    'tile/0/x999/x999/x999/x999/x999/x999/999',
    'tile/0/x999/x999/x999/x999/x999/999',
    '/tile/0/000',
    'tile/0/000\n',
    'tile/0/../0/000',
    'tile/0/٠٠٠',
    '',
  ])('is not %j', (path) => {
    expect(() => parseTilePathOrThrow(path)).toThrow(MalformedInput);
  });

  it('has one spelling, which is read back as the tile', () => {
    const level = fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 }));
    const tile = fc.record({ level, index: fc.maxSafeNat(), width: fc.integer({ min: 1, max: 256 }) });
    fc.assert(fc.property(tile, (one) => expect(parseTilePathOrThrow(tilePath(one))).toEqual(one)));
  });
});
