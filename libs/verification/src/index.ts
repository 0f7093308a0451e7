export { LogReplay, ReplayFault } from './replay/log-replay.js';
export type { FoldedStream } from './replay/states.js';
export { findingTexts } from './findings/finding-texts.js';
export type { FindingText } from './findings/finding-text.js';
export type { Finding, FindingCode, Report } from './findings/finding.js';
export type { AuditedLeaf, CheckTools, LeafCheck, StateLookup } from './audit/leaf-check.js';
