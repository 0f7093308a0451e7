import type { Finding } from '../findings/finding.js';
import { ruleFindings } from './rule-findings.js';

/** Findings of this area; what effects and money make of the same forgery is for their own specs. */
export function ownFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ code }) => Object.hasOwn(ruleFindings, code));
}
