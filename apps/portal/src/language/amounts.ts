/** Minor units as a person reads them, `1,234.50`, by their digits: no amount ever becomes a fraction. */
export function formatAmount(amountMinor: number | bigint): string {
  const negative = amountMinor < 0;
  const digits = String(amountMinor).replace('-', '').padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${negative ? '−' : ''}${whole}.${digits.slice(-2)}`;
}

const SIGNS: Readonly<Record<string, string>> = { CNY: '¥', USD: '$', EUR: '€', HKD: 'HK$' };

export function withCurrency(amountMinor: number | bigint, currency = 'CNY'): string {
  return `${SIGNS[currency] ?? `${currency} `}${formatAmount(amountMinor)}`;
}

export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The share of a whole in thousandths, rounded down, for bars and percentages; 0 of nothing. */
export function thousandths(partMinor: number, wholeMinor: number): number {
  return wholeMinor === 0 ? 0 : Number((BigInt(partMinor) * 1000n) / BigInt(wholeMinor));
}
