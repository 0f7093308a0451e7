/** The log goes on with something that this version cannot read; what it says about the leaves before stands. */
export class AuditStopped extends Error {
  override readonly name = 'AuditStopped';

  constructor(
    readonly leaf: number,
    type: string,
  ) {
    super(`The leaf at index ${leaf} is a ${type}: a newer program wrote this log, use a newer auditor.`);
  }
}
