// Invisible marks (soft hyphen, zero-width and direction marks, byte order mark) that copying from web pages leaves behind.
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
// eslint-disable-next-line no-control-regex -- control characters are exactly what is meant
const control = /[\u0000-\u001f\u007f-\u009f]+/g;
const formulaText = /^="?([^"]*)"?$/;
const leadingApostrophe = /^['‘’`´]+/;

/**
 * A spreadsheet cell as a person meant it: NFKC (full-width digits, letters and spaces become plain ones), control and
 * invisible characters gone, spaces collapsed, `="…"` unwrapped, and the apostrophe or tab that forces text removed.
 * Idempotent: the steps are repeated until nothing changes.
 */
export function normaliseCell(raw: string): string {
  let value = raw;
  for (;;) {
    const next = normaliseOnce(value);
    if (next === value) return value;
    value = next;
  }
}

function normaliseOnce(value: string): string {
  const plain = value.normalize('NFKC').replace(control, ' ').replace(invisible, '').replace(/ {2,}/g, ' ').trim();
  const unwrapped = formulaText.exec(plain)?.[1] ?? plain;
  return unwrapped.replace(leadingApostrophe, '').trim();
}

const betweenIdeographs = /(?<=\p{Script=Han}) (?=\p{Script=Han})/gu;

/** Chinese names and places are often padded to equal width (`李 四`): spaces between ideographs carry no meaning. */
export function joinIdeographs(value: string): string {
  return value.replace(betweenIdeographs, '');
}

const formulaStart = /^[=+\-@\t\r|%]/;

/**
 * A value that is about to be shown in a spreadsheet, made unable to run as a formula (CSV injection): what starts like
 * a formula gets a leading apostrophe, which {@link normaliseCell} removes again.
 */
export function neutraliseFormula(value: string): string {
  return formulaStart.test(value) ? `'${value}` : value;
}

/** One CSV field (RFC 4180), neutralised against formula injection. */
export function csvField(value: string): string {
  const safe = neutraliseFormula(value);
  return /[",;\t\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
