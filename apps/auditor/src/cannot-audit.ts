/** The audit could not run: a source that cannot be read, a file of the auditor's own that is not what it should be. */
export class CannotAudit extends Error {
  override readonly name = 'CannotAudit';
}
