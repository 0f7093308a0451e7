import type { AuditReport } from './audit-report.js';
import { both, heading, items, table, text } from './html-parts.js';
import {
  crowdWords,
  notCounted,
  privacyIntroduction,
  privacyMeaning,
  privacyOfCampaigns,
  privacyTitle,
  singledOutWords,
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
    const words = singledOutWords(privacy, privacy[view]);
    return [both(zh, en), value(words.zh) + ` <span lang="en">${text(words.en)}</span>`];
  });
  const crowds = views.map(([view, { zh, en }]) => [
    both(zh, en),
    ...crowdWords.map(([size]) => value(count(privacy[view].crowds[size]))),
  ]);
  const campaigns = privacyOfCampaigns(privacy).map(([name, { zh, en }]) => [text(name), both(zh, en)]);
  return [
    `<section>${heading(privacyTitle)}${introduction}`,
    table([both('所知', 'Known'), both('只与一张券相符', 'Fits one voucher alone')], found),
    table(
      [both('相符的券数 → 核销', 'Vouchers that fit → redemptions'), ...crowdWords.map(([, label]) => label)],
      crowds,
    ),
    items(privacyMeaning(privacy)),
    `${table([both('活动', 'Campaign'), both('辨认出的券', 'Vouchers singled out')], campaigns)}</section>`,
  ].join('\n');
}
