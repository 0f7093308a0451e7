import { describe, expect, it } from '@jest/globals';
import { addressOrThrow } from './address.js';

describe('a password with characters that have a meaning in an address', () => {
  it.each(['esdb://ledger:hun@ter2@db.example:2113', 'esdb://ledger:hun/ter2@db.example', 'esdb://led@ger:hunter2@db'])(
    'is refused unless they are encoded, which is said without a part of it: %s',
    (address) => {
      for (const whole of [address, `${address}?tls=false`]) {
        expect(() => addressOrThrow(whole)).toThrow(TypeError);
        expect(() => addressOrThrow(whole)).toThrow(/@ as %40, \/ as %2F and % as %25/);
        expect(() => addressOrThrow(whole)).not.toThrow(/hun|ter2|led@|example/);
      }
    },
  );

  it('is refused with a colon, after which the client would cut it off', () => {
    expect(() => addressOrThrow('esdb://ledger:hun:ter2@db.example')).toThrow(/: as %3A/);
    expect(() => addressOrThrow('esdb://ledger:hun:ter2@db.example')).not.toThrow(/hun|ter2/);
  });

  it('is read when they are encoded', () => {
    const { username, password, endpoints } = addressOrThrow('esdb://l%40:p%3A%2F%40%25@db.example');
    expect({ username, password, endpoints }).toEqual({
      username: 'l@',
      password: 'p:/@%',
      endpoints: [{ host: 'db.example', port: 2113 }],
    });
  });
});

describe('a port', () => {
  it.each(['0', '65536', '99999', '123456', '-1', '2e3', '0x10', '21.13', 'http', ''])('is not %p', (port) => {
    expect(() => addressOrThrow(`esdb://a:b@db:${port}`)).toThrow(/a number from 1 to 65535/);
  });

  it.each([1, 2113, 65_535])('may be %d', (port) => {
    const { endpoints } = addressOrThrow(`esdb://a:b@one,two:${port}`);
    expect(endpoints).toEqual([
      { host: 'one', port: 2113 },
      { host: 'two', port },
    ]);
  });
});

describe('a host', () => {
  it.each(['one,', 'one,,two', ':2113', 'a:1:2'])('is missing or too much in %p, which is refused', (hosts) => {
    expect(() => addressOrThrow(`esdb://a:b@${hosts}`)).toThrow(/not host:port/);
  });
});
