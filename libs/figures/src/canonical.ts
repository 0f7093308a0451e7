type Json = string | number | boolean | readonly Json[] | { readonly [member: string]: Json | undefined };

/** RFC 8785 for documents of strings, whole numbers, booleans, arrays and objects. Absent members are left out. */
export function canonicalText(value: unknown): string {
  return textOf(value as Json);
}

function textOf(value: Json): string {
  if (isList(value)) return `[${value.map(textOf).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.keys(value).sort();
    const texts = members.flatMap((member) => {
      const part = value[member];
      return part === undefined ? [] : [`${JSON.stringify(member)}:${textOf(part)}`];
    });
    return `{${texts.join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new RangeError('A published number must be a safe integer.');
  return JSON.stringify(value);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648 section 4, padded. */
export function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [first = 0, second, third] = bytes.subarray(i, i + 3);
    const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    const letters = [18, 12, 6, 0].map((shift) => ALPHABET.charAt((bits >> shift) & 63));
    text += letters.slice(0, second === undefined ? 2 : third === undefined ? 3 : 4).join('');
    text += '='.repeat(second === undefined ? 2 : third === undefined ? 1 : 0);
  }
  return text;
}
