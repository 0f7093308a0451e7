import { MalformedInput, utf8DecodeOrThrow } from '@aidtrail/envelope';
import { parsePolicyOrThrow, pinnedLeafZeroOrThrow, type LogPolicy } from '@aidtrail/public-log';
import { CannotAudit } from './cannot-audit.js';
import { readFileUpTo } from './sources/folder-source.js';

/** Whom an auditor trusts, and the opening of the ledger that was pinned. */
export interface AuditPolicy {
  readonly text: string;
  readonly policy: LogPolicy;
  /** Leaf hash of entry 0, 32 bytes. */
  readonly openingHash?: Uint8Array;
}

const MAX_POLICY_BYTES = 1_048_576;

/** Reads a file of the auditor's own; throws CannotAudit, with the line. */
export async function readPolicyFile(path: string): Promise<AuditPolicy> {
  const bytes = await readFileUpTo(path, MAX_POLICY_BYTES);
  if (!(bytes instanceof Uint8Array)) throw new CannotAudit(`${path} cannot be read as a policy. Check the path.`);
  try {
    const text = utf8DecodeOrThrow(bytes);
    const openingHash = pinnedLeafZeroOrThrow(text);
    return { text, policy: parsePolicyOrThrow(text), ...(openingHash === undefined ? {} : { openingHash }) };
  } catch (fault) {
    if (fault instanceof MalformedInput) throw new CannotAudit(`${path}: ${fault.message}.`);
    throw fault;
  }
}
