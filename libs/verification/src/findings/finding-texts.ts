import { effectFindings } from '../effects/effect-findings.js';
import { figuresFindings } from '../figures/figures-findings.js';
import { logFindings } from '../log/log-findings.js';
import { moneyFindings } from '../money/money-findings.js';
import { ruleFindings } from '../rules/rule-findings.js';

/** Every finding that an audit can report. The reference page is made from it. */
export const findingTexts = {
  ...logFindings,
  ...ruleFindings,
  ...effectFindings,
  ...moneyFindings,
  ...figuresFindings,
} as const;
