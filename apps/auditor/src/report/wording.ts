import type { AuditReport } from './audit-report.js';

/** What a report says, in the two languages in which it is read. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

export const count = (number: number): string => number.toLocaleString('en-US');

export function counted(number: number, what: string, many = `${what}s`): string {
  return `${count(number)} ${number === 1 ? what : many}`;
}

/** An amount in the currency's unit, of which a minor unit is the hundredth. */
function amount(minor: number): string {
  return `${count(Math.trunc(minor / 100))}.${String(Math.abs(minor) % 100).padStart(2, '0')}`;
}

const moneyWords: Readonly<Record<string, Words>> = {
  free: { zh: '可用', en: 'free' },
  in_transit: { zh: '在途', en: 'in transit' },
  committed: { zh: '已承诺（赈济券）', en: 'committed (vouchers)' },
  redeemed: { zh: '已核销', en: 'redeemed' },
  recoverable: { zh: '待追回', en: 'recoverable' },
  refund_reserved: { zh: '预留退款', en: 'reserved for refunds' },
  refunded: { zh: '已退款', en: 'refunded' },
  administration_spent: { zh: '管理费支出', en: 'spent on administration' },
};

/** The intake, and where it is; states without money are left out. */
export function moneyRows({ money }: AuditReport): readonly (readonly [Words, string])[] {
  if (money === undefined) return [];
  const states = Object.entries(money.states).filter(([, minor]) => minor !== 0);
  return [
    [{ zh: '捐赠总额', en: 'given' }, amount(money.intakeMinor)],
    ...states.map(([state, minor]) => [moneyWords[state] ?? { zh: state, en: state }, amount(minor)] as const),
    [{ zh: '已付商户', en: 'paid to merchants' }, amount(money.paidMinor)],
  ];
}

/** Number of all findings, told or not. */
export function findingsIn({ findingCounts }: AuditReport): number {
  return Object.values(findingCounts).reduce((sum, number) => sum + number, 0);
}

export function verdictOf(report: AuditReport): Words {
  const number = findingsIn(report);
  switch (report.result) {
    case 'clean':
      return {
        zh: '未发现问题：在所检查的范围内，账本守住了它的承诺。',
        en: 'Nothing was found: as far as this audit looks, the ledger has kept its promises.',
      };
    case 'incomplete':
      return {
        zh: `审计没有进行到底：${report.stopped ?? ''}`,
        en: `The audit did not go all the way: ${report.stopped ?? ''}`,
      };
    case 'findings':
      if (number === report.findingCounts['not_witnessed'])
        return {
          zh: '条目中未发现问题，但没有见证人为其作证：账本刚开启时会如此，但不应持续。',
          en: 'Nothing is wrong in its entries, but no witnesses stand behind them: so it is with a ledger that has just begun, and it must not stay so.',
        };
      if (mayBeTheCopy(report))
        return {
          zh: `发现 ${count(number)} 处问题：这份日志与账本的承诺不符。`,
          en: `${counted(number, 'finding')}: this log is not what the ledger promised.`,
        };
      return {
        zh: `发现 ${count(number)} 处问题：账本违背了下列承诺。`,
        en: `${counted(number, 'finding')}: the ledger broke the promises below.`,
      };
  }
}

/** What is wrong with files alone, beside a root that the log has signed. */
const OF_FILES = new Set([
  'bundle_malformed',
  'checkpoint_malformed',
  'checkpoint_not_signed',
  'checkpoint_of_another_log',
  'checkpoint_signature_invalid',
  'cosignature_invalid',
  'file_missing',
  'file_too_large',
  'files_given_up',
  'tile_differs',
]);

/**
 * Whether what was found could be the fault of whoever copied or carried the files: no proof stands for itself, and the log's
 * key has not signed a tree of what was found wrong.
 */
function mayBeTheCopy({ checkpoint, findingCounts, fraudProofs }: AuditReport): boolean {
  if (fraudProofs.length > 0) return false;
  return checkpoint?.hasRoot !== true || Object.keys(findingCounts).every((code) => OF_FILES.has(code));
}

/** What stands behind the verdict, one sentence each. */
export function meaningOf(report: AuditReport): readonly Words[] {
  const { scope, checkpoint, openingPinned, earlier, stopped, counts } = report;
  const meaning: Words[] = [];
  if (report.result === 'findings' && checkpoint !== undefined && mayBeTheCopy(report))
    meaning.push({
      zh: '文件在复制或传输时损坏或被改动，也会得到同样的结果：在追究任何人之前，请从账本和镜像各重新取一份再审计。',
      en: 'Files that were damaged or changed on their way look the same: before you accuse anybody, fetch the log again, from the ledger and from a mirror, and audit that.',
    });
  // Of what was not read, nothing was checked.
  if (checkpoint === undefined)
    return [
      {
        zh: '没有可据以审计的检查点，因此没有检查任何内容。请核对日志的路径或地址：其中应有名为 checkpoint 的文件。',
        en: 'Nothing was checked, as there is no checkpoint to audit under. Make sure of the path or address of the log: the file named checkpoint stands directly in it.',
      },
    ];
  if (checkpoint.hasRoot && counts.entries === checkpoint.size)
    meaning.push({
      zh: `日志密钥签署了恰好 ${count(checkpoint.size)} 个条目，每一个都已逐字节核对；此后任何改动都会被发现。`,
      en: `The log’s key has signed exactly these ${counted(checkpoint.size, 'entry', 'entries')}, each compared to the byte; whatever is changed later will show.`,
    });
  meaning.push(scopeMeaning(scope));
  meaning.push(witnessMeaning(report));
  const isOpeningRead = counts.entries > 0 && counts.entries === checkpoint.size;
  if (!openingPinned || (isOpeningRead && report.findingCounts['opening_differs'] === undefined))
    meaning.push(openingMeaning(openingPinned));
  if (report.demo === true)
    meaning.push({
      zh: '账本自称演示账本：根密钥由服务器自己生成，日期可任意推进，因此签名不能证明有多人参与。',
      en: 'The ledger says that it is a demo: its server made the root keys itself and lets days go by as it likes, so the signatures do not prove that several people took part.',
    });
  if (earlier !== undefined && report.findingCounts['history_rewritten'] === undefined)
    meaning.push({
      zh: `与先前保存的检查点（${count(earlier.size)} 个条目）进行了比较。`,
      en: `It was compared with the checkpoint kept from an earlier audit (${counted(earlier.size, 'entry', 'entries')}).`,
    });
  if (stopped !== undefined || (scope !== 'merkle' && counts.entriesByRules < checkpoint.size))
    meaning.push({
      zh: `规则只检查到第 ${count(counts.entriesByRules)} 个条目为止。`,
      en: `Rules were looked at for the first ${counted(counts.entriesByRules, 'entry', 'entries')} only.`,
    });
  return meaning;
}

function openingMeaning(isPinned: boolean): Words {
  return isPinned
    ? {
        zh: '首个条目是策略文件所固定的账本开启事件。',
        en: 'The first entry is the opening of the ledger that the policy pins.',
      }
    : {
        zh: '策略文件没有固定首个条目：账本的开启事件只能凭日志自身相信。',
        en: 'The policy does not pin the first entry: who opened the ledger is believed on the log’s own word.',
      };
}

function scopeMeaning(scope: AuditReport['scope']): Words {
  switch (scope) {
    case 'merkle':
      return {
        zh: '只检查了文件、哈希与检查点，没有检查签名与规则。',
        en: 'Files, hashes and checkpoints were checked, and neither signatures nor rules.',
      };
    case 'public':
      return {
        zh: '公众能够看到的一切都检查了：签名、权限、规则、资金。',
        en: 'Everything that the public can see was checked: signatures, entitlements, rules and money.',
      };
    case 'disclosed':
      return {
        zh: '连同所交付的披露内容，签名、权限、规则与资金都检查了。',
        en: 'Signatures, entitlements, rules and money were checked, with the disclosures that were handed over.',
      };
  }
}

function witnessMeaning({ witnessed, checkpoint, findingCounts }: AuditReport): Words {
  const { asked, size, isIndependent } = witnessed;
  if (asked && (findingCounts['history_rewritten'] ?? findingCounts['checkpoint_rolled_back']) !== undefined)
    return {
      zh: '日志签署过彼此矛盾的检查点：见证人看到的未必是这份历史。',
      en: 'The log has signed checkpoints that contradict each other: what the witnesses have seen need not be this history.',
    };
  if (!asked)
    return {
      zh: '策略文件不要求见证人：无法排除日志向他人出示另一份历史。',
      en: 'The policy asks for no witnesses: nothing rules out that the log shows others another history.',
    };
  if (size === undefined)
    return {
      zh: '没有见证人联署的检查点。',
      en: 'No checkpoint is cosigned by the witnesses that the policy asks for.',
    };
  const seen: Words = isIndependent
    ? { zh: '见证人看到的是同一份历史', en: 'The witnesses have seen the same history' }
    : {
        zh: '联署这份历史的见证人里，地址在日志自己机器之外、能算独立的不够数：无法排除日志向他人出示另一份历史',
        en: 'Of the witnesses that have cosigned this history, too few have an address outside the log’s own machines and count as independent: nothing rules out that the log shows others another one',
      };
  const rest = (checkpoint?.size ?? size) - size;
  return rest <= 0
    ? { zh: `${seen.zh}。`, en: `${seen.en}.` }
    : {
        zh: `${seen.zh}；联署到第 ${count(size)} 个条目为止，其后的 ${count(rest)} 个尚未见证。`,
        en: `${seen.en}. That goes up to ${counted(size, 'entry', 'entries')}; the ${count(rest)} after that are not witnessed yet.`,
      };
}
