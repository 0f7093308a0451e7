import type { AuditReport } from './audit-report.js';
import {
  crowdWords,
  notCounted,
  privacyIntroduction,
  privacyMeaning,
  campaignsToTell,
  singledOutOf,
  views,
} from './privacy-wording.js';
import { count, counted } from './wording.js';

/** The section on privacy, line by line; none unless it was asked for. */
export function privacyLines({ privacy }: AuditReport): readonly string[] {
  if (privacy === undefined) return [];
  if (privacy === 'not_counted') return [notCounted.en];
  const introduction = privacyIntroduction(privacy).map(({ en }) => en);
  if (privacy.redemptions === 0) return introduction;
  return [
    ...introduction,
    'Fitting one voucher alone, for somebody who knows',
    ...views.map(([view, { en }]) => {
      const { redemptions, vouchers } = singledOutOf(privacy, privacy[view]);
      return `  ${en}: redemptions ${redemptions}, vouchers ${vouchers}`;
    }),
    'Redemptions by the number of vouchers that fit',
    ...views.map(([view, { en }]) => {
      const sizes = crowdWords.map(([size, label]) => `${label}: ${count(privacy[view].crowds[size])}`);
      return `  ${en}: ${sizes.join(', ')}`;
    }),
    ...privacyMeaning(privacy).map(({ en }) => en),
    'Vouchers singled out, by campaign',
    ...campaignsToTell(privacy).map(({ called, vouchers, ...found }) => {
      const seen = views.map(([view, { en }]) => `${count(found[view])} by ${en}`);
      return `  ${called}: of ${counted(vouchers, 'voucher')}, ${seen.join('; ')}`;
    }),
  ];
}
