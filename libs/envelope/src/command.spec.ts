import { describe, expect, it } from '@jest/globals';
import type { CommandBody, JsonObject } from './index.js';
import {
  base64Encode,
  canonicalBytes,
  COMMAND_TYPE,
  encodeCommandBody,
  encodeCommandEnvelope,
  encodeDisclosure,
  EVENT_TYPE,
  makePrivateFields,
  parseCommandBodyOrThrow,
  parseCommandEnvelopeOrThrow,
  portableSigner,
  portableVerifier,
  sha256,
  signCommand,
  utf8Encode,
  verifySignature,
} from './index.js';

const withCode = (code: string): Error => expect.objectContaining({ name: 'MalformedInput', code }) as unknown as Error;
const till = portableSigner(new Uint8Array(32).fill(1));
const holder = portableSigner(new Uint8Array(32).fill(2));
let calls = 0;
const { disclosures, _sd } = makePrivateFields({
  fields: { merchant: 'm-17', time: '2026-11-23T10:00:00Z' },
  randomBytes: (length) => new Uint8Array(length).fill((calls += 1)),
});
const body: CommandBody = {
  v: 1,
  log: 'relief.example.org/log',
  type: 'RedeemVoucher',
  id: '2f1c1f6e-7b1e-4a53-9a3c-0d2a5b1f6e77',
  key: till.keyId,
  anchor: { size: 1234, root: base64Encode(new Uint8Array(32).fill(9)) },
  data: { voucher: '00000000-0000-8000-8000-000000000000', amountMinor: 1250 },
  _sd,
};
const { _sd: _, ...bare } = body;
const signed = signCommand({ body, signers: [till, holder], disclosures });
const envelope = encodeCommandEnvelope(signed);

const readBody = (change: object): CommandBody => parseCommandBodyOrThrow(canonicalBytes({ ...body, ...change }));
const readEnvelope = (change: object): unknown => parseCommandEnvelopeOrThrow({ ...envelope, ...change });

describe('a signed command', () => {
  it('comes back from the wire with the bytes that were signed', () => {
    const read = parseCommandEnvelopeOrThrow(JSON.parse(JSON.stringify(envelope)));
    expect(read).toEqual(signed);
    expect(read.body).toEqual(body);
    expect(read.bodyHash).toEqual(sha256(encodeCommandBody(body)));
    expect(read.sigs.map(({ key }) => key)).toEqual([till.keyId, holder.keyId]);
  });

  it('verifies under the keys of both parties, and as a command only', () => {
    for (const [i, signer] of [till, holder].entries()) {
      const { sig } = signed.sigs[i] as { sig: string };
      const by = { publicKey: signer.publicKey, sig };
      expect(verifySignature(portableVerifier, COMMAND_TYPE, signed.bodyBytes, by)).toBe(true);
      expect(verifySignature(portableVerifier, EVENT_TYPE, signed.bodyBytes, by)).toBe(false);
    }
  });

  it('does not verify with a signature that is no base64', () => {
    const by = { publicKey: till.publicKey, sig: 'YR==' };
    expect(verifySignature(portableVerifier, COMMAND_TYPE, signed.bodyBytes, by)).toBe(false);
  });

  it('has no disclosures member when nothing is private', () => {
    const plain = encodeCommandEnvelope(signCommand({ body: bare, signers: [till] }));
    expect(Object.keys(plain).sort()).toEqual(['payload', 'payloadType', 'signatures']);
    expect(parseCommandEnvelopeOrThrow(plain).disclosures).toEqual([]);
  });

  it('must be signed by the key in its body first, and by each key once', () => {
    expect(() => signCommand({ body: bare, signers: [holder, till] })).toThrow(withCode('bad_shape'));
    expect(() => signCommand({ body: bare, signers: [till, till] })).toThrow(withCode('bad_shape'));
    expect(() => signCommand({ body: bare, signers: [] })).toThrow(withCode('bad_shape'));
  });
});

describe('the command reader', () => {
  it.each<[string, object]>([
    ['another format version', { v: 2 }],
    ['a space in the origin', { log: 'a b' }],
    ['a plus sign in the origin', { log: 'a+b' }],
    ['a type in lower case', { type: 'redeem' }],
    ['a short key id', { key: 'ab' }],
    ['a negative anchor', { anchor: { ...body.anchor, size: -1 } }],
    ['a root of 31 bytes', { anchor: { size: 1, root: base64Encode(new Uint8Array(31)) } }],
    ['a root with unused bits set', { anchor: { size: 1, root: body.anchor.root.replace(/.=$/, 'l=') } }],
    ['an extra anchor member', { anchor: { ...body.anchor, time: 1 } }],
    ['data that is an array', { data: [] }],
    ['an empty _sd', { _sd: [] }],
    ['three digests', { _sd: _sd.slice(0, 3) }],
    ['unsorted digests', { _sd: [..._sd].reverse() }],
    ['an unknown member', { extra: 1 }],
  ])('refuses %s', (_, change) => {
    expect(() => readBody(change)).toThrow(withCode('bad_shape'));
  });

  it.each<[string, unknown]>([
    ['version 5, as derived event ids have', '2f1c1f6e-7b1e-5a53-9a3c-0d2a5b1f6e77'],
    ['version 7, which tells the millisecond', '018f1c1f-7b1e-7a53-9a3c-0d2a5b1f6e77'],
    ['version 8, as derived stream ids have', '2f1c1f6e-7b1e-8a53-9a3c-0d2a5b1f6e77'],
    ['another variant', '2f1c1f6e-7b1e-4a53-ca3c-0d2a5b1f6e77'],
    ['upper case', '2F1C1F6E-7B1E-4A53-9A3C-0D2A5B1F6E77'],
    ['no UUID', 'command-1'],
    ['no text', 4],
  ])('refuses a command id of %s', (_, id) => {
    expect(() => readBody({ id })).toThrow(withCode('bad_command_id'));
    expect(() => encodeCommandBody({ ...body, id: id as string })).toThrow(withCode('bad_command_id'));
  });

  it.each(['anchor', 'data', 'id', 'key', 'log', 'type', 'v'])('refuses a body without %s', (name) => {
    const rest = Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));
    expect(() => parseCommandBodyOrThrow(canonicalBytes(rest))).toThrow(withCode('bad_shape'));
  });

  it('refuses a body that is not canonical or too large', () => {
    expect(() => parseCommandBodyOrThrow(utf8Encode(JSON.stringify(body)))).toThrow(withCode('not_canonical'));
    const large: JsonObject = { note: 'x'.repeat(32_768) };
    expect(() => readBody({ data: large })).toThrow(withCode('too_large'));
    expect(() => encodeCommandBody({ ...body, data: large })).toThrow(withCode('too_large'));
  });

  const [first, second] = envelope['signatures'] as readonly [JsonObject, JsonObject];
  it.each<[string, object, string]>([
    ['another payload type', { payloadType: EVENT_TYPE }, 'bad_shape'],
    ['a payload in lenient base64', { payload: `${envelope['payload'] as string}\n` }, 'not_base64'],
    ['no signature', { signatures: [] }, 'bad_shape'],
    ['the parties in the wrong order', { signatures: [second, first] }, 'bad_shape'],
    ['one key twice', { signatures: [first, first] }, 'bad_shape'],
    ['a short signature', { signatures: [{ ...first, sig: 'YQ==' }] }, 'bad_shape'],
    ['an extra signature member', { signatures: [{ ...first, alg: 'none' }] }, 'bad_shape'],
    ['an unknown member', { extra: 1 }, 'bad_shape'],
    ['a disclosure that is no text', { disclosures: [1] }, 'bad_shape'],
    ['a disclosure twice', { disclosures: [disclosures[0], disclosures[0]] }, 'bad_disclosure'],
    [
      'a disclosure without its digest',
      { disclosures: [encodeDisclosure({ salt: new Uint8Array(16), name: 'merchant', value: 'm-18' })] },
      'bad_disclosure',
    ],
    ['disclosures beyond all measure', { disclosures: ['A'.repeat(70_000)] }, 'too_large'],
  ])('refuses an envelope with %s', (_, change, code) => {
    expect(() => readEnvelope(change)).toThrow(withCode(code));
  });

  it.each([null, undefined, 'text', [], 7])('refuses %j in place of an envelope', (value) => {
    expect(() => parseCommandEnvelopeOrThrow(value)).toThrow(withCode('bad_shape'));
  });
});
