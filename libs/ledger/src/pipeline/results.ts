import { parseAnswerOrThrow, type SignedCommand } from '@aidtrail/envelope';
import type { CommandOutcome } from '@aidtrail/event-store';

/**
 * What became of a command. `accepted` and `refused` are final for the command's id and signed by the ledger.
 * `rejected` means that the command could not be taken for what it claims to be (malformed, unknown key, wrong
 * signature, another log): nothing is recorded, so that nobody can use up an id with a command that is not his.
 */
export type CommandResult = Answered | Rejected;

export interface Answered {
  readonly kind: 'accepted' | 'refused';
  readonly commandId: string;
  /** The command's type, for instance `RedeemVoucher`. */
  readonly commandType: string;
  /** `accepted`, or the refusal's literal code. */
  readonly code: string;
  /** The signed answer as it is stored, verbatim; `parseAnswerOrThrow` reads it. */
  readonly answerBytes: Uint8Array;
  /** True if this is the stored answer to an earlier submission; not told where a refusal would have the same bytes now. */
  readonly repeated: boolean;
}

export interface Rejected {
  readonly kind: 'rejected';
  readonly code: RejectionCode;
  /** For developers: where in the command it went wrong; never the value itself. */
  readonly detail?: string;
}

/** In order of precedence. */
export const REJECTIONS = {
  malformed: {
    zh: '指令不是规范的签名信封，请按格式说明重新生成。',
    en: 'The command is not a well-formed signed envelope. Build it again as the leaf format page says.',
  },
  unknown_command: {
    zh: '没有这种指令。',
    en: 'There is no such command.',
  },
  wrong_log: {
    zh: '指令写给另一本账，请核对来源（origin）。',
    en: 'The command names another log. Check the origin that it was signed for.',
  },
  schema: {
    zh: '指令的字段不符合格式，例如金额必须是整数“分”。',
    en: 'A field does not fit the command’s schema; amounts, for example, are whole numbers of minor units.',
  },
  key_unknown: {
    zh: '签名密钥没有登记。',
    en: 'The key that signed is not enrolled.',
  },
  signature_invalid: {
    zh: '签名无效。',
    en: 'A signature does not verify.',
  },
  command_id_reused: {
    zh: '这个指令编号已用于另一条指令，请使用新的编号。',
    en: 'This command id was used for other bytes. Use a new id.',
  },
} as const;

export type RejectionCode = keyof typeof REJECTIONS;

/** Refusals that the pipeline itself gives, to any command, before the stream's decider is asked. In order. */
export const PIPELINE_REFUSALS = {
  anchor_unknown: {
    level: 'L1',
    zh: '指令引用的检查点不是本账公布的检查点。',
    en: 'The anchor is not a checkpoint that this log has signed.',
  },
  anchor_stale: {
    level: 'L1',
    zh: '指令引用的检查点太旧，请取最新检查点后重新签名。',
    en: 'The anchor is too old. Fetch the latest checkpoint and sign again.',
  },
  subject_erased: {
    level: 'L2',
    zh: '该受助人的资料已按要求删除，此券不能再使用。',
    en: 'The person’s data were erased; nothing can be added to this voucher.',
  },
} as const;

export type PipelineRefusal = keyof typeof PIPELINE_REFUSALS;

export function answered(
  signed: SignedCommand,
  { kind, commandId, answer }: CommandOutcome,
  told: { readonly code: string; readonly repeated: boolean },
): Answered {
  return { kind, commandId, commandType: signed.body.type, answerBytes: answer, ...told };
}

/** `accepted`, or the code of a stored refusal. */
export function codeIn({ kind, answer }: CommandOutcome): string {
  if (kind === 'accepted') return 'accepted';
  const { body } = parseAnswerOrThrow(answer);
  return 'refused' in body ? body.refused.code : 'accepted';
}

export function reject(code: RejectionCode, detail?: string): Rejected {
  return { kind: 'rejected', code, ...(detail === undefined ? {} : { detail }) };
}
