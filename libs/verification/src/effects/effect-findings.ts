import { defineFindings } from '../findings/finding-text.js';

/** What can be wrong between a cause and the events that must follow from it. */
export const effectFindings = defineFindings({
  effect_without_cause: {
    level: 'L1',
    zh: '事件只能由另一事件引起，但所指的原因不存在、不引起它或尚未发生。',
    en: 'Only another event can cause this one, and the one that it names does not exist so far, or causes no such event.',
  },
  effect_repeated: {
    level: 'L1',
    zh: '同一原因的同一结果出现了两次。',
    en: 'The same effect of the same cause is there twice.',
  },
  effect_missing: {
    level: 'L1',
    zh: '必须随之发生的事件没有发生。',
    en: 'An event that must follow from this one did not.',
  },
  effect_id_differs: {
    level: 'L1',
    zh: '事件编号不是由其原因和序号得出的编号。',
    en: 'The id of the event is not the one that follows from its cause and index.',
  },
  effect_differs: {
    level: 'L1',
    zh: '事件内容与由其原因得出的内容不一致。',
    en: 'The event says something else than what follows from its cause.',
  },
  effect_not_due: {
    level: 'L1',
    zh: '在当时的状态下，其原因不会引起该事件。',
    en: 'As things stood, the cause does not bring about this event.',
  },
  private_effect_differs: {
    level: 'L2',
    zh: '事件的非公开内容与由其原因得出的内容不一致。',
    en: 'What the event discloses is something else than what follows from its cause.',
  },
  roster_root_differs: {
    level: 'L1',
    zh: '由已发放赈济券的承诺值重建的根，与批次公布的名册根不一致。',
    en: 'The commitments of the issued vouchers do not rebuild the roster root of their batch.',
  },
  rows_root_differs: {
    level: 'L1',
    zh: '由各笔捐赠的承诺值重建的根，与入账事件公布的根不一致。',
    en: 'The commitments of the donations do not rebuild the root of rows of their intake.',
  },
  named_gift_differs: {
    level: 'L1',
    zh: '署名捐赠的金额、管理费或资金坐标与其入账不符。',
    en: 'Amount, fee or interval of a named donation do not fit its intake.',
  },
  gifts_total_differs: {
    level: 'L2',
    zh: '各笔捐赠的金额之和与入账总额不一致。',
    en: 'The donations of an intake do not sum to its gross.',
  },
});

export type EffectFindingCode = keyof typeof effectFindings;
