import type { Language } from './words.js';

/** Untrusted: a day `YYYY-MM-DD` of the ledger, in words; what is none is shown as it is. No clock and no zone has a part in it. */
export function formatDay(day: string, language: Language): string {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (year === undefined || month === undefined || date === undefined) return day;
  if (language === 'zh') return `${year}年${Number(month)}月${Number(date)}日`;
  return `${Number(date)} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
}

/** A moment in this device's zone, to the minute. */
export function formatMoment(moment: Date, language: Language): string {
  return moment.toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'long', timeStyle: 'short' });
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** Untrusted: a month `YYYY-MM`, in words, or in as few characters as fit below a column. */
export function formatMonth(month: string, language: Language, isShort = false): string {
  const [, year, number] = /^(\d{4})-(\d{2})$/.exec(month) ?? [];
  if (year === undefined || number === undefined) return month;
  const isFirst = !isShort || number === '01';
  if (language === 'zh') return `${isFirst ? `${year}年` : ''}${Number(number)}月`;
  const name = MONTHS[Number(number) - 1] ?? number;
  return `${isShort ? name.slice(0, 3) : name}${isFirst ? ` ${year}` : ''}`;
}
