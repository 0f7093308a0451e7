import type { AuditReport } from './audit-report.js';
import { both, heading, items, table, text } from './html-parts.js';
import {
  crowdWords,
  notCounted,
  privacyIntroduction,
  privacyMeaning,
  campaignsToTell,
  privacyTitle,
  singledOutOf,
  views,
} from './privacy-wording.js';
import { count } from './wording.js';

/** The section on privacy; empty unless it was asked for. */
export function htmlPrivacy({ privacy }: AuditReport): string {
  if (privacy === undefined) return '';
  if (privacy === 'not_counted') return `<section>${heading(privacyTitle)}${items([notCounted])}</section>`;
  const introduction = items(privacyIntroduction(privacy));
  if (privacy.redemptions === 0) return `<section>${heading(privacyTitle)}${introduction}</section>`;
  const value = (shown: string): string => `<span class="value">${text(shown)}</span>`;
  const found = views.map(([view, { zh, en }]) => {
    const { redemptions, vouchers } = singledOutOf(privacy, privacy[view]);
    return [both(zh, en), value(redemptions), value(vouchers)];
  });
  const crowds = views.map(([view, { zh, en }]) => [
    both(zh, en),
    ...crowdWords.map(([size]) => value(count(privacy[view].crowds[size]))),
  ]);
  const campaigns = campaignsToTell(privacy).map(({ called, vouchers, ...found }) => [
    text(called),
    ...[vouchers, ...views.map(([view]) => found[view])].map((number) => value(count(number))),
  ]);
  const [vouchers, seen] = [both('赈济券', 'Vouchers'), views.map(([, , { zh, en }]) => both(zh, en))];
  return [
    `<section>${heading(privacyTitle)}${introduction}`,
    table([both('只与一张券相符', 'Fits one voucher alone'), both('核销', 'Redemptions'), vouchers], found),
    table(
      [both('核销，按相符的券数', 'Redemptions, by vouchers that fit'), ...crowdWords.map(([, label]) => label)],
      crowds,
    ),
    items(privacyMeaning(privacy)),
    table([both('辨认出的券，按活动', 'Vouchers singled out, by campaign'), vouchers, ...seen], campaigns),
    '</section>',
  ].join('\n');
}
