import type { RefusalText } from '../kernel/concept.js';
import { officerMissing } from '../kernel/signers.js';

/** In order of precedence: what exists, whether it is the time, who asks, what is asked. */
export const batchRefusals = {
  batch_exists: { level: 'L1', zh: '该批次已经编制。', en: 'This batch has been drafted already.' },
  batch_unknown: { level: 'L1', zh: '没有这个批次。', en: 'There is no such batch.' },
  batch_not_drafted: { level: 'L1', zh: '批次已不在待审批状态。', en: 'The batch does not wait for approval.' },
  batch_not_approved: { level: 'L1', zh: '批次尚未通过审批或已办结。', en: 'The batch is not approved, or has ended.' },
  officer_missing: officerMissing,
  maker_is_checker: { level: 'L1', zh: '编制人不能审批自己的批次。', en: 'The maker cannot check the batch.' },
  checker_repeats: {
    level: 'L1',
    zh: '同一复核人不能重复审批。',
    en: 'This officer has approved already; another one must.',
  },
  terms_differ: { level: 'L1', zh: '所列内容与编制的批次不一致。', en: 'The terms are not those of the batch.' },
  campaign_not_open: { level: 'L1', zh: '活动不存在或已结束。', en: 'The campaign does not exist or is closed.' },
  programme_not_open: { level: 'L1', zh: '项目不存在或已结束。', en: 'The programme does not exist or is closed.' },
  last_day_passed: { level: 'L1', zh: '最后一天已经过去。', en: 'The last day has passed.' },
  fund_not_of_campaign: {
    level: 'L1',
    zh: '该资金池不是此活动的出资资金池。',
    en: 'This is not the fund that pays for the campaign.',
  },
  total_differs: {
    level: 'L1',
    zh: '总额不等于张数乘以面值。',
    en: 'The total is not the count times the face value.',
  },
} as const satisfies Record<string, RefusalText>;

export type BatchRefusal = keyof typeof batchRefusals;
