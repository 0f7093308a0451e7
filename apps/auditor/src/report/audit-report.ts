import type { Finding, PrivacySummary } from '@aidtrail/verification';

/** What an audit found, as `--json` writes it: docs/reference/audit-report.md. The same log gives the same report. */
export interface AuditReport {
  readonly v: 1;
  /** `incomplete`: nothing was found as far as it went, and it did not go all the way; `stopped` says why. */
  readonly result: 'clean' | 'findings' | 'incomplete';
  /** What was looked at: files and hashes only; what the public can see; disclosures as well. */
  readonly scope: 'merkle' | 'public' | 'disclosed';
  /** The log's name; absent if no checkpoint of a log of the policy was found. */
  readonly origin?: string;
  /** The checkpoint under which everything was checked. `hasRoot`: its root is the one rebuilt from the entries. */
  readonly checkpoint?: { readonly size: number; readonly root: string; readonly hasRoot: boolean };
  readonly witnessed: WitnessReport;
  /** An earlier checkpoint that the auditor had kept. */
  readonly earlier?: { readonly size: number; readonly root: string };
  /** Whether the policy pins the first entry. */
  readonly openingPinned: boolean;
  /** The ledger says in its first entry that it is a demo. */
  readonly demo?: true;
  readonly counts: {
    readonly files: number;
    readonly bytes: number;
    /** Entries that were read, and those whose rules were looked at. */
    readonly entries: number;
    readonly entriesByRules: number;
    /** Distinct checkpoints named in commands, compared with the tree. */
    readonly anchors: number;
    /** Signatures verified. */
    readonly signatures: Readonly<Record<'ledger' | 'actor' | 'second', number>>;
    readonly streams: number;
    readonly vouchers: number;
    readonly days: number;
  };
  /** Where the money is, in minor units; absent unless the rules were looked at to the end. */
  readonly money?: {
    /** Gross of all gifts. */
    readonly intakeMinor: number;
    /** By state; they sum to the intake. */
    readonly states: Readonly<Record<string, number>>;
    /** Paid to merchants by bank, less what came back. */
    readonly paidMinor: number;
  };
  /** Publications of the public figures, each recomputed; absent where there are none, or rules were not looked at to the end. */
  readonly figures?: {
    readonly publications: number;
    /** Of which the second document was not recomputed, as disclosures are missing. */
    readonly notChecked: number;
    /** The newest: leaf index of its FiguresCut, and the SHA-256 (base64) of its document, which a download must have. */
    readonly newest: { readonly cut: number; readonly digest: string };
  };
  /** What a neighbour learns, if that was asked for; `not_counted` unless the rules were looked at to the end. */
  readonly privacy?: PrivacySummary | 'not_counted';
  /** By policy, how many events still wait for others that must follow from them. */
  readonly pendingEffects: Readonly<Record<string, number>>;
  /** Rules that need disclosures: refusal code → entries of which it is open whether it had to be given. */
  readonly notChecked: Readonly<Record<string, number>>;
  /** Why the rules were not looked at to the end. */
  readonly stopped?: string;
  /** All findings, by code. */
  readonly findingCounts: Readonly<Record<string, number>>;
  /** At most 1,000 of each code, in the order of the log. */
  readonly findings: readonly ToldFinding[];
  /** Names of the fraud proofs written. */
  readonly fraudProofs: readonly string[];
}

export interface ToldFinding extends Finding {
  readonly level: 'L1' | 'L2';
  readonly zh: string;
  readonly en: string;
}

export interface WitnessReport {
  /** Whether the policy asks for any. */
  readonly asked: boolean;
  /** Size of the newest checkpoint with the policy's quorum; absent if there is none. */
  readonly size?: number;
  /** Whether those who count as independent are the policy's quorum by themselves; false also while nobody has cosigned. */
  readonly isIndependent: boolean;
  readonly by: readonly {
    readonly name: string;
    /** When it cosigned, RFC 3339 in UTC. */
    readonly at: string;
    /** It has no address outside the log's own machines and network: it does not count as independent. */
    readonly loopback: boolean;
  }[];
}

/** 0: clean. 1: there are findings. 2: it could not run, or not to the end. */
export function exitCodeOf({ result }: Pick<AuditReport, 'result'>): 0 | 1 | 2 {
  return result === 'clean' ? 0 : result === 'findings' ? 1 : 2;
}
