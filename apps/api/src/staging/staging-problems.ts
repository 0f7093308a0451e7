import type { BatchRefusalCode, IntakeRefusal, RosterRefusal } from '@aidtrail/privacy';
import type { ProblemText } from '@aidtrail/nest';

type StagingCode = RosterRefusal['code'] | BatchRefusalCode | IntakeRefusal['code'];

interface Text {
  readonly status: 404 | 409 | 413 | 422;
  readonly zh: string;
  readonly en: string;
}

/** Why rosters, batches and intakes are not taken. A new code of the registers does not compile until it is here. */
const texts: Readonly<Record<StagingCode, Text>> = {
  roster_already_imported: {
    status: 409,
    zh: '同一份名册已导入本活动。',
    en: 'The same file is already an active roster of this campaign.',
  },
  excluded_line_unknown: {
    status: 422,
    zh: '要排除的行号不是数据行，请核对。',
    en: 'A line to exclude holds no row. Check the numbers.',
  },
  roster_has_problems: {
    status: 422,
    zh: '名册有问题，请按列出的行修改，或按行号排除后重新导入。',
    en: 'The roster has problems. Mend the listed lines, or exclude them by number.',
  },
  batch_differs: {
    status: 409,
    zh: '该批次编号已用于另一份名册或活动。',
    en: 'This batch id was prepared with other terms.',
  },
  batch_released: { status: 409, zh: '该批次已作废，请使用新的编号。', en: 'This batch was given up. Use a new id.' },
  unknown_roster: { status: 404, zh: '没有这份名册。', en: 'There is no such roster.' },
  roster_withdrawn: { status: 409, zh: '名册已撤回。', en: 'The roster was withdrawn.' },
  roster_of_another_campaign: {
    status: 422,
    zh: '名册属于另一个活动。',
    en: 'The roster belongs to another campaign.',
  },
  roster_already_used: {
    status: 409,
    zh: '这份名册已经生成过批次。',
    en: 'A batch was made of this roster before.',
  },
  roster_empty: { status: 422, zh: '名册里没有可发放的人。', en: 'Nobody on the roster can be issued to.' },
  intake_differs: {
    status: 409,
    zh: '该入账编号已用于另一份内容。',
    en: 'This intake id was staged with other rows.',
  },
  file_already_staged: { status: 409, zh: '同一份文件已经提交过。', en: 'The same file was staged before.' },
  intake_empty: { status: 422, zh: '没有捐赠记录。', en: 'There are no rows.' },
  too_many_rows: { status: 413, zh: '记录太多，请分批提交。', en: 'There are too many rows. Send them in parts.' },
  total_too_large: { status: 422, zh: '总金额超出范围。', en: 'The total is beyond what an amount can be.' },
  rows_malformed: {
    status: 422,
    zh: '部分记录格式不对，请按列出的行修改。',
    en: 'Some rows are malformed. Mend the listed lines.',
  },
  duplicate_payment_reference: {
    status: 409,
    zh: '部分支付单号重复或已入账。',
    en: 'Some payment references come twice or were taken before.',
  },
};

export function stagingProblem(code: StagingCode): ProblemText {
  return { code, ...texts[code] };
}
