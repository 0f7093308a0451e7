import { expect, it } from '@jest/globals';
import { keyIdOf } from './key-id.js';

it('is the SHA-256 of the 32 bytes, in hex: RFC 8032 test key 1', () => {
  const publicKey = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
  expect(keyIdOf(publicKey)).toBe('21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9');
});
