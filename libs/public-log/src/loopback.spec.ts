import { describe, expect, it } from '@jest/globals';
import { hostOf, isLoopback } from './loopback.js';

describe('the address of a witness', () => {
  it.each([
    'http://127.0.0.1:7430',
    'http://0x7f.1',
    'http://LOCALHOST./w',
    'http://a.localhost',
    'http://[::1]',
    'http://0.0.0.0',
    'http://[::ffff:127.8.9.1]',
  ])('%s is on the own machine', (url) => {
    expect(isLoopback(url)).toBe(true);
  });
  it.each([
    undefined,
    'no address',
    'https://128.0.0.1',
    'https://localhost.example',
    'https://[2001:db8::8]',
    'https://127.0.0.1.example',
  ])('%s is not', (url) => {
    expect(isLoopback(url)).toBe(false);
  });
  it('has one form of its host', () => {
    expect(['https://LEDGER.example.:8443/w', 'https://[2001:DB8::7]'].map(hostOf)).toEqual([
      'ledger.example',
      '2001:db8::7',
    ]);
  });
});
