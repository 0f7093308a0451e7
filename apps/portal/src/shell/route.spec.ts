import { describe, expect, it } from '@jest/globals';
import { giftAddress, routeOf } from './route.js';

describe('the address of a page', () => {
  it.each([
    ['', { page: 'home' }],
    ['#', { page: 'home' }],
    ['#/', { page: 'home' }],
    ['#/programme', { page: 'programme' }],
    ['#/programme/county', { page: 'programme', section: 'county' }],
    ['#/data', { page: 'data' }],
    ['#/check', { page: 'check' }],
    ['#/check/', { page: 'check' }],
    ['#/gift/', { page: 'unknown' }],
    ['#/gift', { page: 'unknown' }],
    ['#/gift/a/b', { page: 'unknown' }],
    ['#/<img src=x>', { page: 'unknown' }],
    ['#/gift/%E0%A4%A', { page: 'gift', traceCode: '%E0%A4%A' }],
  ])('%s', (hash, route) => expect(routeOf(hash)).toEqual(route));

  it('brings a code back as it was, whatever is in it', () => {
    for (const traceCode of ['00000-AAAAA', '零 一/二?#&', '%'])
      expect(routeOf(giftAddress(traceCode))).toEqual({ page: 'gift', traceCode });
  });
});
