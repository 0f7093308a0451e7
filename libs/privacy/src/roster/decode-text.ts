import iconv from 'iconv-lite';

export type RosterEncoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be' | 'gb18030';

export type DecodedText =
  { readonly text: string; readonly encoding: RosterEncoding } | { readonly failure: 'excel_workbook' | 'binary_file' };

/**
 * Finds out how a text file is encoded and decodes it. A byte order mark decides; without one the bytes are UTF-8 if
 * most of what is not ASCII is valid UTF-8, and otherwise GB18030 (which contains GBK and GB 2312): of Chinese text in
 * GBK only a small part looks like UTF-8 by accident, and of a damaged UTF-8 file only a small part does not. Bytes that
 * the encoding cannot place become U+FFFD, which the row checks report on their lines.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const failure = foreignFormat(bytes);
  if (failure !== undefined) return { failure };
  if (startsWith(bytes, [0xff, 0xfe])) return { text: decodeUtf16('utf-16le', bytes), encoding: 'utf-16le' };
  if (startsWith(bytes, [0xfe, 0xff])) return { text: decodeUtf16('utf-16be', bytes), encoding: 'utf-16be' };
  // A NUL byte is in no roster: it is UTF-16 without its mark, or not text.
  if (bytes.includes(0)) return { failure: 'binary_file' };
  const text = new TextDecoder('utf-8').decode(bytes);
  if (startsWith(bytes, [0xef, 0xbb, 0xbf])) return { text, encoding: 'utf-8-bom' };
  if (isMostlyValid(text)) return { text, encoding: 'utf-8' };
  return { text: iconv.decode(Buffer.from(bytes), 'gb18030'), encoding: 'gb18030' };
}

/** Of a text decoded as UTF-8: more of what is not ASCII could be placed than was lost. */
function isMostlyValid(text: string): boolean {
  const lost = text.match(/\ufffd/g)?.length ?? 0;
  return lost === 0 || (text.match(/[^\0-\x7f\ufffd]/gu)?.length ?? 0) > lost;
}

/** The two files that people send most often instead of a CSV file: .xlsx (a ZIP archive) and .xls (an OLE document). */
function foreignFormat(bytes: Uint8Array): 'excel_workbook' | undefined {
  const isZip = startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]);
  const isOle = startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0]);
  return isZip || isOle ? 'excel_workbook' : undefined;
}

function decodeUtf16(encoding: 'utf-16le' | 'utf-16be', bytes: Uint8Array): string {
  return new TextDecoder(encoding).decode(bytes);
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}
