import type { Language } from './words.js';

/** Untrusted: a day `YYYY-MM-DD` of the ledger, in words; what is none is shown as it is. No clock and no zone has a part in it. */
export function formatDay(day: string, language: Language): string {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (year === undefined || month === undefined || date === undefined) return day;
  if (language === 'zh') return `${year}年${Number(month)}月${Number(date)}日`;
  return `${Number(date)} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
