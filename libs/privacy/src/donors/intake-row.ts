/** A donation as a payment channel reports it. Untrusted: it was read from a file or a request. */
export interface IntakeRowInput {
  /** Unique within the channel; printable ASCII, 1 to 128 characters. */
  readonly paymentReference: string;
  /** Minor units (分): a positive safe integer, or its decimal digits. */
  readonly amountMinor: number | string;
  /** Name to be shown in public if `namedConsent`; at most 120 characters. */
  readonly displayName?: string;
  readonly namedConsent?: boolean;
  /** Telephone, e-mail or the like; at most 200 characters. */
  readonly contact?: string;
  /** Line in the file, for messages; by default the 1-based number of the row. */
  readonly line?: number;
}

export interface IntakeRow {
  readonly paymentReference: string;
  readonly amountMinor: number;
  readonly namedConsent: boolean;
  readonly displayName?: string;
  readonly contact?: string;
}

export type IntakeRowFault =
  | 'amount_malformed'
  | 'amount_scientific'
  | 'amount_decimal'
  | 'amount_negative'
  | 'amount_zero'
  | 'amount_too_large'
  | 'payment_reference_malformed'
  | 'display_name_malformed'
  | 'consent_without_name'
  | 'contact_malformed';

/** Checks one row; the first fault in the order of {@link IntakeRowFault}. */
export function readIntakeRow(input: IntakeRowInput): IntakeRow | { readonly fault: IntakeRowFault } {
  const amount = readAmount(input.amountMinor);
  if (typeof amount !== 'number') return amount;
  const { paymentReference, contact } = input;
  if (!/^[\x20-\x7e]{1,128}$/.test(paymentReference) || paymentReference.trim() !== paymentReference) {
    return { fault: 'payment_reference_malformed' };
  }
  const displayName = input.displayName?.trim() ?? '';
  const namedConsent = input.namedConsent ?? false;
  // eslint-disable-next-line no-control-regex -- control characters are exactly what must not get in
  if (displayName.length > 120 || /[\u0000-\u001f\u007f<>]/.test(displayName))
    return { fault: 'display_name_malformed' };
  if (namedConsent && displayName === '') return { fault: 'consent_without_name' };
  if (contact !== undefined && contact.length > 200) return { fault: 'contact_malformed' };
  return {
    paymentReference,
    amountMinor: amount,
    namedConsent,
    ...(displayName === '' ? {} : { displayName }),
    ...(contact === undefined || contact === '' ? {} : { contact }),
  };
}

/** Money is whole minor units. A number that was ever a float may have lost fen, so it is refused, not rounded. */
function readAmount(value: number | string): number | { readonly fault: IntakeRowFault } {
  // A number beyond the safe range has lost its last digits already: its text is not looked at.
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    return { fault: value < 0 ? 'amount_negative' : 'amount_too_large' };
  }
  const text = String(value).trim();
  if (/^[+-]?[\d.]+e[+-]?\d+$/i.test(text)) return { fault: 'amount_scientific' };
  if (/^-(?:\d+|\d*\.\d+)$/.test(text)) return { fault: 'amount_negative' };
  if (/^\d*\.\d*$/.test(text) && /\d/.test(text)) return { fault: 'amount_decimal' };
  if (!/^\d+$/.test(text)) return { fault: 'amount_malformed' };
  if (/^0+$/.test(text)) return { fault: 'amount_zero' };
  return BigInt(text) > BigInt(Number.MAX_SAFE_INTEGER) ? { fault: 'amount_too_large' } : Number(text);
}
