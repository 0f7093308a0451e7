export { CannotAudit } from './cannot-audit.js';
export { auditCommand, type AuditRequest } from './audit-command.js';
export { runAudit } from './run-audit.js';
export { DisclosuresFile } from './disclosures-file.js';
export { folderSource } from './sources/folder-source.js';
export { openSource } from './sources/open-source.js';
export { WorkPool } from './work/work-pool.js';
export { makeKit } from './kit/make-kit.js';
/** The verifier of audit kits, in one file. */
export const kitProgram = new URL('../dist/audit.mjs', import.meta.url);
/** The module of the auditor's threads, with libsodium. */
export const sodiumWorker = new URL('../dist/work/sodium-worker.js', import.meta.url);
