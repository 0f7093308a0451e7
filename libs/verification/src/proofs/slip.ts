import { base64urlDecodeOrThrow, base64urlEncode, MalformedInput } from '@aidtrail/envelope';

/** What a printed slip's QR says: which event of which log, and where to look it up. It holds nothing private. */
export interface Slip {
  readonly origin: string;
  readonly index: number;
  /** RFC 6962 leaf hash, 32 bytes. */
  readonly leafHash: Uint8Array;
  /** Where it can be checked; http or https, without a fragment. */
  readonly url: string;
}

const MARK = 'aidtrail-slip/1';
const FORM = /^(https?:\/\/[^\s#]+)#aidtrail-slip\/1\?log=([^\s#?&=]+)&index=(0|[1-9]\d{0,15})&leaf=([\w-]{43})$/;

/**
 * `<url>#aidtrail-slip/1?log=<origin>&index=<decimal>&leaf=<base64url of the leaf hash>`. A telephone opens the URL; what
 * stands behind the # stays on the telephone.
 */
export function formatSlip({ origin, index, leafHash, url }: Slip): string {
  const text = `${url}#${MARK}?log=${encodeURIComponent(origin)}&index=${index}&leaf=${base64urlEncode(leafHash)}`;
  if (!FORM.test(text)) throw new RangeError('A slip needs an http or https address without spaces and without #.');
  return text;
}

/** Untrusted: `text`. The inverse of `formatSlip`; throws MalformedInput for every other spelling. */
export function parseSlipOrThrow(text: string): Slip {
  const [, url, log, decimal, hash] = FORM.exec(text) ?? [];
  if (url === undefined || log === undefined || decimal === undefined || hash === undefined) throw notASlip();
  const slip = { url, origin: decodeOrThrow(log), index: Number(decimal), leafHash: base64urlDecodeOrThrow(hash) };
  if (!Number.isSafeInteger(slip.index) || formatSlip(slip) !== text) throw notASlip();
  return slip;
}

function decodeOrThrow(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw notASlip();
  }
}

function notASlip(): MalformedInput {
  return new MalformedInput('bad_shape', 'This is not the text of a slip: scan its QR code again.');
}
