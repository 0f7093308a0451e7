import type { findingTexts } from './finding-texts.js';

/** Every kind of finding; each has a text in the table of its area. */
export type FindingCode = keyof typeof findingTexts;

/**
 * Something in a published log that breaks a promise of the ledger. A finding is a value: the audit collects all that it
 * meets and goes on. It names streams, files and numbers, never a person; nothing of a disclosure is in it but its name.
 */
export interface Finding {
  readonly code: FindingCode;
  /** Index of the leaf at which it shows; absent for what concerns a file or the log as a whole. */
  readonly leaf?: number;
  /** What it is about: a stream, a line, a file below the log's prefix, a checkpoint's size. */
  readonly subject?: string;
  readonly expected?: string | number;
  readonly actual?: string | number;
}

export type Report = (finding: Finding) => void;
